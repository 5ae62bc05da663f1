import pytest

from storage.schema import SCHEMA, Collection, Schema, column


def test_a_path_becomes_a_column_without_dots() -> None:
    assert column("customer.email") == "customer_email"


def test_a_collection_that_the_schema_does_not_name_is_plain() -> None:
    assert SCHEMA["macros"] == Collection("macros")


def test_text_paths_have_columns_too_each_once() -> None:
    assert Collection("tickets", lifted=("status",), text=("subject", "status")).columns == ("status", "subject")


@pytest.mark.parametrize("name", ["", "Tickets", "two words", 'a"b', "tandem_clock", "sqlite_schema", "1st"])
def test_a_name_that_could_collide_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be called"):
        Collection(name)


@pytest.mark.parametrize("lifted", [("id",), ("body",), ("a b",), ("a'b",), ("a.",), ("a.b", "a_b")])
def test_a_path_that_cannot_be_a_column_is_refused(lifted: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot all be lifted"):
        Collection("tickets", lifted)


def test_an_index_over_a_field_that_is_not_lifted_is_refused() -> None:
    with pytest.raises(ValueError, match="not lifted: due"):
        Collection("tickets", lifted=("status",), indexes=(("status", "due"),))


def test_every_collection_of_the_desk_is_there_by_name() -> None:
    names = {
        "tickets",
        "entries",
        "outbox",
        "places",
        "awaited",
        "folders",
        "threads",
        "agents",
        "drafts",
        "thrown",
        "beginnings",
        "views",
        "presence",
        "mentions",
        "promises",
        "handovers",
        "profiles",
        "leases",
        "keys",
        "parked",
        "tombstones",
        "erasures",
        "senders",
        "acknowledged",
        "acknowledging_stopped",
    }
    assert {each.name for each in SCHEMA.collections} == names
    assert Schema(1, ())["tickets"].columns == ()
    assert "customer" in SCHEMA["tickets"].searchable
