"""The child that reads files, with readers that end it or hang where the file's name says: "crash-3-5.pdf".

"kill-9.pdf" is killed there as from outside, but only before anything was read of it; "kill-always-9.pdf" each time.
"""

import os
import re
import signal

from apps.documents.extraction import child
from apps.documents.extraction.job import Job
from apps.documents.extraction.task import Task

job = Job.of_environment(os.environ)
begins = Task.begins


def begins_badly(self: Task, number: int, *, ocr: bool = False) -> None:
    begins(self, number, ocr=ocr)
    if str(number) in re.findall(r"\d+", job.filename):
        if job.filename.startswith("hang"):
            while True:
                pass
        if not job.filename.startswith("kill"):
            os.kill(os.getpid(), signal.SIGSEGV)
        elif job.first_page == 1 or "always" in job.filename:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Task.begins = begins_badly  # type: ignore[method-assign]
    child.main()
