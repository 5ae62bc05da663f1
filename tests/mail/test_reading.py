from __future__ import annotations

import base64
import os
import pty
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mail.parse import parse
from mail.reading import Limits, WorkerReader
from tests.mail.mails import mail, multipart, part
from tests.processes import heard

TOO_LONG = mail("Content-Type: text/plain; format=flowed", "In-Reply-To: <parent@x>", body="> x \n" * 3_000_000)
"""Lines that take seconds to put together."""


@pytest.fixture
def reader() -> Iterator[WorkerReader]:
    with WorkerReader() as reader:
        yield reader


def children() -> set[int]:
    """The processes that this one has started and not seen off."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for each in tasks for pid in each.read_text().split()}


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@contextmanager
def nothing_left_behind() -> Generator[None]:
    before = children(), open_files()
    yield
    assert (children(), open_files()) == before


def test_the_worker_reads_what_parse_reads(reader: WorkerReader) -> None:
    files = multipart("mixed", part("text/plain", "x"), part("image/png", "1"), part("image/png", ""))
    for raw in (
        mail(),
        files,
        multipart("mixed", part("text/html", "<p>x")),
        b"",
        b"\xff\0",
        mail(subject="=?utf-8?q?=00?="),
    ):
        assert reader.read(raw) == parse(raw)


def test_a_mail_that_takes_too_long_leaves_its_head_and_the_next_one_is_read() -> None:
    with nothing_left_behind(), WorkerReader(Limits(cpu=0.3)) as reader:
        started = time.monotonic()
        read = reader.read(TOO_LONG)
        assert time.monotonic() - started < 5
        assert read.defects == ("this mail could not be read: it took too long; its bytes are kept",)
        assert (read.subject, read.sender.email, read.message_id) == (
            "Order",
            "ann@customer.example",
            "<1@customer.example>",
        )
        assert (read.parents, read.answers, read.text) == (("<parent@x>",), 1, "")
        assert reader.read(mail()).text == "Hello"


def test_a_mail_that_needs_too_much_memory_leaves_its_head() -> None:
    with nothing_left_behind(), WorkerReader(Limits(memory=140_000_000)) as reader:
        read = reader.read(mail(body="x" * 45_000_000))
        assert read.defects == ("this mail could not be read: it needed too much memory; its bytes are kept",)
        assert reader.read(mail()).text == "Hello"


def test_a_mail_of_fifty_megabytes_is_read(reader: WorkerReader) -> None:
    data = random.Random(1).randbytes(36_000_000)
    raw = multipart("mixed", part("text/plain", "Hi"), part("application/zip", "", "Content-Transfer-Encoding: base64"))
    raw = raw.replace(b"base64\r\n\r\n", b"base64\r\n\r\n" + base64.encodebytes(data).replace(b"\n", b"\r\n"))
    read = reader.read(raw)
    assert [each.size for each in read.attachments] == [len(data)]
    assert read.files == (data,)


def test_a_worker_that_somebody_ended_is_replaced_without_a_word(reader: WorkerReader) -> None:
    others = children()
    reader.read(mail())
    (worker,) = children() - others
    os.kill(worker, signal.SIGKILL)
    assert reader.read(mail()) == parse(mail())


def test_a_worker_that_hangs_is_replaced() -> None:
    with nothing_left_behind(), WorkerReader(Limits(wall=3.0)) as reader:
        others = children()
        reader.read(mail())
        (worker,) = children() - others
        os.kill(worker, signal.SIGSTOP)
        read = reader.read(mail(body="x" * 1_000_000))
        assert read.defects == ("this mail could not be read: it took too long; its bytes are kept",)
        assert reader.read(mail()).defects == ()


def test_nothing_is_started_before_the_first_mail_and_nothing_stays_after_close() -> None:
    with nothing_left_behind():
        reader = WorkerReader()
        with nothing_left_behind():
            pass
        reader.read(mail())
        reader.close()
        reader.close()
    assert reader.read(mail()).text == "Hello"
    reader.close()


def test_a_worker_that_has_nothing_to_read_ends_until_there_is_something(reader: WorkerReader) -> None:
    with nothing_left_behind():
        assert reader.read(mail()).text == "Hello"
        reader.rest(60.0)
        assert len(children()) > 0
        reader.rest(0.0)
    assert reader.read(mail()).text == "Hello"


def test_ctrl_c_does_not_reach_the_worker() -> None:
    with WorkerReader() as reader:
        others = children()
        reader.read(mail())
        (worker,) = children() - others
        assert os.getsid(worker) == worker


HOSTILE = """
<link rel=stylesheet href="{0}/css"><style>@import url({0}/import); p {{ background: url({0}/bg) }}</style>
<script src="{0}/js"></script><img src="{0}/img" srcset="{0}/set 2x"><iframe src="{0}/frame"></iframe>
<object data="{0}/object"></object><form action="{0}/form"><video src="{0}/video"></video><p>words</p>
"""


def test_nothing_a_mail_names_is_loaded(reader: WorkerReader) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        page = f'<!DOCTYPE html SYSTEM "{url}/dtd" [<!ENTITY x SYSTEM "{url}/x">]>{HOSTILE.format(url)}&x;'
        outside = f"Content-Type: message/external-body; access-type=url; url={url}/body\n\n"
        read = reader.read(multipart("mixed", part("text/html", page), outside, part("text/xml", page)))
        assert "words" in read.text
        with pytest.raises(BlockingIOError):
            server.accept()


OPENING = """
import socket, subprocess, urllib.request
from mail.reading_process import open_nothing
open_nothing()
for act in (
    lambda: socket.socket(),
    lambda: socket.socketpair(),
    lambda: open("/dev/null"),
    lambda: subprocess.run(["true"], stdout=subprocess.PIPE),
    lambda: urllib.request.urlopen("http://127.0.0.1:1/"),
):
    try:
        act()
    except OSError as error:
        print("Too many open files" in str(error))
"""


def test_the_worker_can_open_no_socket_and_no_file() -> None:
    done = subprocess.run([sys.executable, "-c", OPENING], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "True\n" * 5, done.stderr


def test_the_running_worker_has_no_room_for_a_file(reader: WorkerReader) -> None:
    others = children()
    reader.read(mail())
    (worker,) = children() - others
    limits = Path(f"/proc/{worker}/limits").read_text()
    assert next(line.split()[3:5] for line in limits.splitlines() if line.startswith("Max open files")) == ["0", "0"]


PARENT = """
import sys, time
from mail.reading import WorkerReader
reader = WorkerReader()
print(reader.read(b"From: a@b.example\\r\\n\\r\\nHi").text, flush=True)
time.sleep(60)
"""


def test_the_worker_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        heard(parent, parent.stdout)
        (worker,) = map(int, Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split())
        parent.kill()
    deadline = time.monotonic() + 60
    while Path(f"/proc/{worker}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{worker}").exists()


def test_a_terminal_in_raw_mode_stays_untouched() -> None:
    program = "import tty; tty.setraw(0)\n" + PARENT.replace("time.sleep(60)", "reader.close()")
    command = [sys.executable, "-c", program]
    master, terminal = pty.openpty()
    done = subprocess.run(command, stdin=terminal, stdout=terminal, stderr=terminal, timeout=30, check=False)
    os.close(terminal)
    said = os.read(master, 1000)
    os.close(master)
    assert (done.returncode, said) == (0, b"Hi\n")
