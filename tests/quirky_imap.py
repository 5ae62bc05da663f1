"""An IMAP server over an account in memory that behaves as badly as real ones do, to as many clients as come.

`with QuirkyImap() as server:`, then `server.deliver(raw)`, and `server.account.quirks` switches the odd ways on and
off while it runs. `server.commands` is what clients said; `server.packets` counts how often anything came from them.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from types import TracebackType
from typing import Self

from tests.quirky_mailbox import RECEIVED, Held, QuirkyAccount, QuirkyFolder

CAPABILITIES = "IMAP4rev1 IDLE UIDPLUS MOVE SPECIAL-USE CONDSTORE ID"
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^()]*\))|(\S+)')


class QuirkyImap:
    """The server. `drip` sends every byte in a packet of its own."""

    host = "127.0.0.1"
    user = "support"

    def __init__(self, *, capabilities: str = CAPABILITIES, drip: bool = False) -> None:
        self.account = QuirkyAccount()
        self.capabilities = capabilities
        self.drip = drip
        self.commands: list[str] = []
        self.packets = 0
        self._listener = socket.create_server((self.host, 0))
        self._clients: list[_Client] = []
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def deliver(self, raw: bytes, received: datetime = RECEIVED, folder: str = "INBOX", gmail_id: int = 0) -> int:
        """Put a mail into a folder and announce it to whoever has that open; returns its UID."""
        with self.account.lock:
            uid = self.account.put(raw, folder, received, gmail_id).uid
            self.announce(folder)
            return uid

    def expunge(self, *uids: int, folder: str = "INBOX") -> None:
        """Remove mails and announce it."""
        with self.account.lock:
            for number in self.account.remove(uids, folder):
                self.say(f"* {number} EXPUNGE\r\n", folder)

    def announce(self, folder: str = "INBOX", exists: int | None = None) -> None:
        """Say how many mails a folder holds, or claim another number."""
        with self.account.lock:
            count = len(self.account.folders[folder].mails) if exists is None else exists
            self.say(f"* {count} EXISTS\r\n", folder)

    def say(self, words: str, folder: str | None = None) -> None:
        """Say something unasked to the clients that idle, to others before their next answer."""
        with self.account.lock:
            for client in self._clients:
                if folder is None or client.folder == folder:
                    client.tell(words.encode())

    def bye(self, reason: str = "shutting down") -> None:
        """Tell everybody that it is over, and hang up."""
        for client in list(self._clients):
            with contextlib.suppress(OSError):
                client.send(f"* BYE {reason}\r\n".encode())
            client.hang_up()

    def hang_up(self) -> None:
        """Cut all connections."""
        for client in list(self._clients):
            client.hang_up()

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        self.hang_up()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                client = _Client(self, peer)
                self._clients.append(client)
                thread = threading.Thread(target=client.serve)
                self._threads.append(thread)
                thread.start()

    def left(self, client: _Client) -> None:
        """A client is gone."""
        self._clients.remove(client)


class _Client:
    """One connection."""

    def __init__(self, server: QuirkyImap, peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.folder: str | None = None
        self._server, self._peer = server, peer
        self._account, self._quirks = server.account, server.account.quirks
        self._writes = False
        self._idle_tag = ""
        self._untold = self._held = b""
        self._commands: dict[str, Callable[[list[str]], Iterator[bytes]]] = {
            "CAPABILITY": self._capability,
            "STATUS": self._status,
            "LIST": self._list,
            "SELECT": self._open,
            "EXAMINE": self._open,
            "SEARCH": self._search,
            "FETCH": self._fetch,
            "STORE": self._store,
            "COPY": self._copy,
            "MOVE": self._move,
            "EXPUNGE": self._expunge,
        }

    def serve(self) -> None:
        """Talk until the client hangs up."""
        with self._peer, contextlib.suppress(OSError):
            self.send(b"* OK ready\r\n")
            while self._hear():
                while b"\r\n" in self._held:
                    line, _, self._held = self._held.partition(b"\r\n")
                    self._server.commands.append(line.decode("latin-1"))
                    try:
                        (self._append if line.endswith(b"}") else self._answer)(line.decode("latin-1"))
                    except (ValueError, IndexError):
                        self.send(b"* BAD that is no command\r\n")
        self._server.left(self)

    def _hear(self) -> bool:
        data = self._peer.recv(65_536)
        self._server.packets += bool(data)
        self._held += data
        return bool(data)

    def _append(self, line: str) -> None:
        """APPEND, whose mail follows as a literal."""
        tag, _, name, flags, date, size = [quoted or listed or plain for quoted, listed, plain in _WORD.findall(line)]
        refused = self._quirks.append_refused or ("" if name in self._account.folders else "NO [TRYCREATE] none")
        if refused:
            self.send(f"{tag} {refused}\r\n".encode())
            return
        if self._quirks.append_gate:
            self._quirks.append_gate.wait(120)
        self.send(b"+ go on\r\n")
        length = int(size.strip("{+}"))
        while len(self._held) < length + 2 and self._hear():
            pass
        raw, self._held = self._held[:length], self._held[length + 2 :]
        if self._quirks.append_cut != "before":
            received = datetime.strptime(date.strip(), "%d-%b-%Y %H:%M:%S %z")
            self._account.put(raw, name, received).flags.update(flags.strip("()").split())
        if self._quirks.append_cut == "silent":
            return
        if self._quirks.append_cut:
            self.hang_up()
        else:
            self.send(f"{tag} OK done\r\n".encode())

    def tell(self, words: bytes) -> None:
        """Say something unasked: now where the client idles, else with the next answer."""
        if self._idle_tag:
            with contextlib.suppress(OSError):
                self.send(words)
        else:
            self._untold += words

    def send(self, data: bytes) -> None:
        """Put bytes on the wire, unless the server fell silent."""
        if not self._quirks.is_silent:
            data = self._quirks.spoil(data) if self._quirks.spoil else data
            for piece in [data[at : at + 1] for at in range(len(data))] if self._server.drip else [data]:
                self._peer.sendall(piece)

    def hang_up(self) -> None:
        """Cut the connection."""
        with contextlib.suppress(OSError):
            self._peer.shutdown(socket.SHUT_RDWR)

    def _answer(self, line: str) -> None:
        with self._account.lock:
            if line == "DONE":
                tag, self._idle_tag = self._idle_tag, ""
                self.send(f"{tag} OK done\r\n".encode())
                return
            tag, *words = [quoted or listed or plain for quoted, listed, plain in _WORD.findall(line)]
            words = words[1:] if words[0].upper() == "UID" else words
            name = words[0].upper()
            if name == "IDLE":
                self._idle_tag = tag
                self.send(self._quirks.before_idle + b"+ idling\r\n" + self._take_untold())
            elif refused := self._refusal(name):
                self.send(f"{tag} {refused}\r\n".encode())
            else:
                self._obey(tag, name, words)

    def _obey(self, tag: str, name: str, words: list[str]) -> None:
        said = f"{tag} OK done\r\n"
        try:
            answers = b"".join(self._commands[name](words)) if name in self._commands else b""
        except _Refusal as refusal:
            answers, said = b"", f"{tag} NO {refusal}\r\n"
        chatter = self._quirks.chatter if name in {"FETCH", "SEARCH"} else b""
        self.send(chatter + answers + self._take_untold() + said.encode())
        if name == "LOGOUT":
            self.hang_up()

    def _refusal(self, name: str) -> str:
        if name in {"CAPABILITY", "LOGIN", "ID", "LOGOUT"}:
            return ""
        if self._quirks.throttled_after:
            self._quirks.throttled_after -= 1
        elif self._quirks.throttled:
            self._quirks.throttled -= 1
            return f"BAD Request is throttled. Suggested Backoff Time: {self._quirks.rest} milliseconds"
        if self._quirks.not_connected:
            self._quirks.not_connected -= 1
            return "BAD User is authenticated but not connected."
        return ""

    def _take_untold(self) -> bytes:
        told, self._untold = self._untold, b""
        return told

    def _here(self) -> QuirkyFolder:
        if self.folder is None:
            raise _Refusal("no folder is open")
        return self._account.folders[self.folder]

    def _named(self, name: str) -> QuirkyFolder:
        if name not in self._account.folders:
            raise _Refusal("[TRYCREATE] no such folder")
        return self._account.folders[name]

    def _capability(self, _: list[str]) -> Iterator[bytes]:
        yield f"* CAPABILITY {self._server.capabilities}\r\n".encode()

    def _list(self, _: list[str]) -> Iterator[bytes]:
        for name, folder in self._account.folders.items():
            yield f'* LIST ({folder.use}) "/" "{name}"\r\n'.encode()

    def _status(self, words: list[str]) -> Iterator[bytes]:
        folder = self._named(words[1])
        counts = f"UIDVALIDITY {folder.uidvalidity} UIDNEXT {folder.next_uid} MESSAGES {len(folder.mails)}"
        yield f'* STATUS "{words[1]}" ({counts} HIGHESTMODSEQ {folder.modseq})\r\n'.encode()

    def _open(self, words: list[str]) -> Iterator[bytes]:
        folder = self._named(words[1])
        self.folder, self._writes = words[1], words[0].upper() == "SELECT"
        self._untold = b""
        yield f"* {len(folder.mails)} EXISTS\r\n* OK [UIDVALIDITY {folder.uidvalidity}] ok\r\n".encode()
        yield f"* OK [UIDNEXT {folder.next_uid}] ok\r\n".encode()
        if "CONDSTORE" in self._server.capabilities:
            yield f"* OK [HIGHESTMODSEQ {folder.modseq}] ok\r\n".encode()

    def _search(self, words: list[str]) -> Iterator[bytes]:
        folder = self._here()
        found = [held for held in folder.mails if held.uid not in self._quirks.lagging]
        if words[1] == "UID":
            wanted = set(folder.uids_of(words[2]))
            found = [held for held in found if held.uid in wanted]
        if words[1] == "HEADER" and self._quirks.header_search == "refused":
            raise _Refusal("[CANNOT] no such search")
        if words[1] == "HEADER" and self._quirks.header_search == "nothing":
            found = []
        if words[1] == "MODSEQ":
            found = [held for held in found if held.modseq >= int(words[2])]
        yield f"* SEARCH {' '.join(str(held.uid) for held in found)}".strip().encode() + b"\r\n"

    def _fetch(self, words: list[str]) -> Iterator[bytes]:
        folder = self._here()
        asked = words[2]
        for number, held in folder.among(folder.uids_of(words[1])):
            if held.uid in self._quirks.withheld:
                continue
            if self._quirks.marks_seen:
                held.flags.add("\\Seen")
                yield f"* {number} FETCH (FLAGS (\\Seen))\r\n".encode()
            if held.uid in self._quirks.garbled and "BODY" in asked:
                yield b'* %d FETCH (UID %d BODY[] "stray " quote" )\r\n' % (number, held.uid)
            else:
                yield b"* %d FETCH (UID %d %b)\r\n" % (number, held.uid, self._items(held, asked))

    def _items(self, held: Held, asked: str) -> bytes:
        if "RFC822.SIZE" in asked:
            date = held.received.strftime("%d-%b-%Y %H:%M:%S %z")
            gmail = f" X-GM-MSGID {held.gmail_id}" if "X-GM-MSGID" in asked else ""
            return f'RFC822.SIZE {len(held.raw)} INTERNALDATE "{date}"{gmail}'.encode()
        if "HEADER.FIELDS" in asked:
            wanted = ("message-id:", "in-reply-to:", "references:")
            lines = held.raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            body = "".join(f"{line}\r\n" for line in lines if line.lower().startswith(wanted)).encode("latin-1")
            return b"BODY[HEADER.FIELDS (MESSAGE-ID IN-REPLY-TO REFERENCES)] {%d}\r\n%b\r\n" % (len(body) + 2, body)
        if held.uid in self._quirks.cut:
            self.send(
                b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b" % (held.uid, len(held.raw), held.raw[: len(held.raw) // 2])
            )
            self.hang_up()
        part = re.search(r"<(\d+)\.(\d+)>", asked)
        at, size = (int(part[1]), int(part[2])) if part else (0, len(held.raw))
        body = held.raw[at : at + size]
        return b"BODY[]%b {%d}\r\n%b" % (b"<%d>" % at if part else b"", len(body), body)

    def _store(self, words: list[str]) -> Iterator[bytes]:
        folder = self._writable()
        for _, held in folder.among(folder.uids_of(words[1])):
            held.flags.update(words[3].strip("()").split())
            folder.modseq += 1
            held.modseq = folder.modseq
        yield b""

    def _copy(self, words: list[str]) -> Iterator[bytes]:
        here, there = self._here(), self._named(words[2])
        found = [held for _, held in here.among(here.uids_of(words[1]))]
        new = [self._account.put(held.raw, words[2], held.received, held.gmail_id) for held in found]
        if found and "UIDPLUS" in self._server.capabilities:
            places = (",".join(str(held.uid) for held in some) for some in (found, new))
            yield f"* OK [COPYUID {there.uidvalidity} {' '.join(places)}] copied\r\n".encode()

    def _move(self, words: list[str]) -> Iterator[bytes]:
        yield from self._copy(words)
        yield from self._without(self._writable().uids_of(words[1]))

    def _expunge(self, words: list[str]) -> Iterator[bytes]:
        folder = self._writable()
        wanted = folder.uids_of(words[1]) if len(words) > 1 else [held.uid for held in folder.mails]
        yield from self._without([held.uid for _, held in folder.among(wanted) if "\\Deleted" in held.flags])

    def _without(self, uids: list[int]) -> Iterator[bytes]:
        for number in self._account.remove(uids, self.folder or ""):
            yield f"* {number} EXPUNGE\r\n".encode()

    def _writable(self) -> QuirkyFolder:
        if not self._writes:
            raise _Refusal("[READ-ONLY] the folder is open for reading only")
        return self._here()


class _Refusal(Exception):
    pass
