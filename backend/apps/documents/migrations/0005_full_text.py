"""The full-text index of passages, which the database itself keeps: by triggers on SQLite, by a generated column on
Postgres. Every entry holds its document too, so that a search within some documents costs the same however many others
there are.

SQLite loses a table's triggers when a migration makes the table anew: one that alters DocumentPassage there has to
make these again.
"""

from django.db import migrations

PASSAGE = "documents_documentpassage"
INDEX = "documents_passage_index"
SQLITE = (
    # Terms are folded and stemmed already: what `ascii` does is to part them at spaces.
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5 (terms, document_id, content='{PASSAGE}', content_rowid='id', "
    "tokenize='ascii', detail='column', columnsize=0)",
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",
    f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {PASSAGE} BEGIN "
    f"INSERT INTO {INDEX} (rowid, terms, document_id) VALUES (new.id, new.terms, new.document_id); END",
    f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {PASSAGE} BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, terms, document_id) "
    "VALUES ('delete', old.id, old.terms, old.document_id); END",
    f"CREATE TRIGGER {INDEX}_update AFTER UPDATE OF id, terms, document_id ON {PASSAGE} BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, terms, document_id) "
    "VALUES ('delete', old.id, old.terms, old.document_id); "
    f"INSERT INTO {INDEX} (rowid, terms, document_id) VALUES (new.id, new.terms, new.document_id); END",
)
SQLITE_BACK = (
    *(f"DROP TRIGGER {INDEX}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE {INDEX}",
)
# Of an array, not by `to_tsvector`: its parser would part and fold the terms once more. `/` begins no term.
POSTGRES = (
    f"ALTER TABLE {PASSAGE} ADD COLUMN search tsvector GENERATED ALWAYS AS (array_to_tsvector("
    "array_append(string_to_array(terms, ' '), '/' || document_id::text))) STORED",
    f"CREATE INDEX {INDEX} ON {PASSAGE} USING gin (search)",
)
POSTGRES_BACK = (f"ALTER TABLE {PASSAGE} DROP COLUMN search",)


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0004_reports_of_what_was_read"),
    ]

    operations = [
        migrations.RunPython(
            _run({"sqlite": SQLITE, "postgresql": POSTGRES}),
            _run({"sqlite": SQLITE_BACK, "postgresql": POSTGRES_BACK}),
        ),
    ]
