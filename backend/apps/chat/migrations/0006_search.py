"""Conversations that are searched, archived, pinned, and deleted with a time to come back.

The full-text index is of a generated column and kept by the database itself, on SQLite by triggers, as that of passages
is. SQLite loses both when a migration makes the table anew: one that alters SearchEntry there has to make them again.
What was said before is indexed by the next migration: this one has locks on tables for as long as it takes.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ENTRY = "chat_searchentry"
INDEX = "chat_search_index"
KEYED = "key || replace(terms, ' ', ' ' || key)"  # each term behind the key
ADD = f"INSERT INTO {INDEX} (rowid, search) VALUES (new.id, new.search);"
TAKE = f"INSERT INTO {INDEX} ({INDEX}, rowid, search) VALUES ('delete', old.id, old.search);"
SQLITE = (
    f"ALTER TABLE {ENTRY} ADD COLUMN search text GENERATED ALWAYS AS ({KEYED}) VIRTUAL",
    # Terms are folded and stemmed already: what `ascii` does is to part them at spaces.
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5 (search, content='{ENTRY}', content_rowid='id', "
    "tokenize='ascii', detail='none', columnsize=0)",
    f"CREATE TRIGGER {INDEX}_insert AFTER INSERT ON {ENTRY} BEGIN {ADD} END",
    f"CREATE TRIGGER {INDEX}_delete AFTER DELETE ON {ENTRY} BEGIN {TAKE} END",
    f"CREATE TRIGGER {INDEX}_update AFTER UPDATE OF id, key, terms ON {ENTRY} BEGIN {TAKE} {ADD} END",
)
SQLITE_BACK = (
    *(f"DROP TRIGGER {INDEX}_{event}" for event in ("insert", "delete", "update")),
    f"DROP TABLE {INDEX}",
    f"ALTER TABLE {ENTRY} DROP COLUMN search",
)
# Of an array, not by `to_tsvector`: its parser would part and fold the terms once more.
POSTGRES = (
    f"ALTER TABLE {ENTRY} ADD COLUMN search tsvector GENERATED ALWAYS AS "
    f"(array_to_tsvector(string_to_array({KEYED}, ' '))) STORED",
    # Without statistics the planner takes a term for a rare one: for a frequent one it would read the whole table.
    f"ALTER TABLE {ENTRY} ALTER COLUMN search SET STATISTICS 0",
    f"CREATE INDEX {INDEX} ON {ENTRY} USING gin (search)",
)
POSTGRES_BACK = (f"ALTER TABLE {ENTRY} DROP COLUMN search",)


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):

    dependencies = [
        ("chat", "0005_deleted_continued_receipts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("pinned", True)),
                fields=["user", "-updated_at", "-id"],
                name="pinned_newest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("archived", True)),
                fields=["user", "-updated_at", "-id"],
                name="archived_newest_first",
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", False)),
                fields=["deleted_at"],
                name="conversations_deleted",
            ),
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.conversation"
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.message"
                    ),
                ),
                ("key", models.CharField(max_length=9)),
                ("terms", models.TextField(blank=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="searchentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("message", None)), fields=("conversation",), name="one_title_entry"
            ),
        ),
        migrations.RunPython(
            _run({"sqlite": SQLITE, "postgresql": POSTGRES}),
            _run({"sqlite": SQLITE_BACK, "postgresql": POSTGRES_BACK}),
        ),
    ]
