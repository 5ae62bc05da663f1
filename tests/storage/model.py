"""What a store should hold, as plain dicts: the simplest thing that can be right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

Fields = dict[str, Any]
Tables = dict[str, dict[int, Fields]]
Condition = Callable[[Fields], bool]
Update = Mapping[str, Any] | Callable[[Any], None]


class Model:
    """Documents by table and id. A method that raises has changed nothing."""

    def __init__(self, names: Iterable[str]) -> None:
        self.tables: Tables = {name: {} for name in names}
        self._next_ids = dict.fromkeys(self.tables, 1)
        self._writes = 0
        self._written: dict[tuple[str, int], int] = {}

    def copy(self) -> Model:
        """All of it as it is now, whatever becomes of the original."""
        return deepcopy(self)

    def version(self, name: str, number: int) -> int | None:
        """Which write made a document what it is; None when it is not there."""
        return self._written[name, number] if number in self.tables[name] else None

    def next_ids(self, name: str, count: int) -> list[int]:
        """The ids that the next documents will get."""
        return list(range(self._next_ids[name], self._next_ids[name] + count))

    def insert(self, name: str, documents: Mapping[int, Fields]) -> list[int]:
        """Store new documents under these ids."""
        if taken := documents.keys() & self.tables[name].keys():
            raise ValueError(f"there is {taken} already")
        for number, document in documents.items():
            self._put(name, number, document)
        return list(documents)

    def found(self, name: str, condition: Condition | None) -> list[int]:
        """The ids of the documents that match."""
        documents = sorted(self.tables[name].items())
        return [number for number, document in documents if condition is None or condition(document)]

    def update(self, name: str, update: Update, numbers: Iterable[int]) -> list[int]:
        """Change those of these documents that there are."""
        changed = {number: deepcopy(self.tables[name][number]) for number in numbers if number in self.tables[name]}
        for document in changed.values():
            _apply(update, document)
        for number, document in changed.items():
            self._put(name, number, document)
        return list(changed)

    def update_multiple(self, name: str, several: Sequence[tuple[Update, Condition]]) -> list[int]:
        """For each document make those of these changes whose condition it meets by then."""
        changed = deepcopy(self.tables[name])
        updated = list[int]()
        for number, document in sorted(changed.items()):
            for update, condition in several:
                if condition(document):
                    updated.append(number)
                    _apply(update, document)
        for number, document in changed.items():
            self._put(name, number, document)
        return updated

    def upsert(self, name: str, document: Fields, numbers: Sequence[int], new: int) -> list[int]:
        """Change those of these documents that there are, or store it as a new one."""
        return self.update(name, document, numbers) or self.insert(name, {new: document})

    def replace(self, name: str, number: int, document: Fields) -> None:
        """Store an edited document."""
        self._put(name, number, document)

    def remove(self, name: str, numbers: Iterable[int]) -> list[int]:
        """Remove those of these documents that there are."""
        gone = [number for number in numbers if self.tables[name].pop(number, None) is not None]
        self._writes += len(gone)
        return gone

    def empty(self, name: str) -> None:
        """Remove all documents and number from 1 again."""
        self.remove(name, list(self.tables[name]))
        self._next_ids[name] = 1

    def _put(self, name: str, number: int, document: Fields) -> None:
        """A document that is what it was, to the letter, is not written."""
        if json.dumps(self.tables[name].get(number)) != json.dumps(document):
            self.tables[name][number] = deepcopy(document)
            self._writes += 1
            self._written[name, number] = self._writes
        self._next_ids[name] = max(self._next_ids[name], number + 1)


def _apply(update: Update, document: Fields) -> None:
    if callable(update):
        update(document)
    else:
        document.update(deepcopy(dict(update)))
