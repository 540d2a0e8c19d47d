# Every command is one line here; what it does stands in scripts/. PYTHON=/path/to/python3.12 names a Python.
.PHONY: help run test check bench bench-worker bench-log bench-held bench-ingest bench-equal-work bench-retrieval bench-page lighthouse pictures nasty chaos kill-ingest fuzz long test-backend test-frontend install build lock clean

help:
	@echo "make run            start Lamla: the first time it installs what it needs, then about 10 s"
	@echo "make test           install what the tests need and run all of them, then make check"
	@echo "make test-backend   the Python tests alone; make test-frontend: those of the UI"
	@echo "make check          style, types, import rules, migrations, Django's check of a deployment"
	@echo "make bench          what gateway and worker add to a stream, in milliseconds and CPU"
	@echo "make bench-worker   what the worker spends on a token of each provider, beside plain reading"
	@echo "make bench-log      what the durable log costs in CPU, and how many write transactions; a quarter of an hour"
	@echo "make bench-held     1,000 slow streams on one gateway: memory of each, connections, probes; a quarter of an hour"
	@echo "make bench-ingest   a book of 1,000 pages: pages per second, memory, and how much longer others wait for answers"
	@echo "make bench-equal-work  CPU time of known and unknown e-mails, 200 samples each"
	@echo "make bench-retrieval  the right page by words, by meaning and by both, on labelled questions; the first time 15 minutes"
	@echo "make bench-page     a conversation of 2,000 messages in a slow browser: opening it, typing while an answer streams"
	@echo "make lighthouse     performance, accessibility and best practice of each screen by Lighthouse; RUNS=3 ONLY=library"
	@echo "make pictures       take the pictures of the README anew"
	@echo "make nasty          files that are made to hurt, each through a gateway: answers, seconds, memory; some minutes"
	@echo "make chaos          kill -9 everything in turn and check every answer; RUNS=1000 DATABASE=postgres GATEWAYS=3 …"
	@echo "make kill-ingest    kill -9 while files are read, and compare every page with an undisturbed run; RUNS=20 SEED=7"
	@echo "make fuzz           hostile input and 10,000 requests from the OpenAPI documents; CASES=500 SEED=7; writes docs/hostile-input.md"
	@echo "make long           the tests that take minutes: 100,000 cancelled streams, bursts with pauses"
	@echo "make install        packages for development; make build: the UI; make lock: the lock files"
	@echo "make clean          remove what was installed or built, keep .env and your data"

run test check bench bench-worker bench-log bench-held bench-ingest bench-equal-work bench-retrieval bench-page lighthouse pictures nasty chaos kill-ingest fuzz long test-backend test-frontend install build lock clean:
	@sh scripts/with_python.sh $@
