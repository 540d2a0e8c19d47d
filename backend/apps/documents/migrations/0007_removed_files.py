from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0006_average_question"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["index_version", "state"], name="documents_by_index_version"),
        ),
        migrations.CreateModel(
            name="RemovedFile",
            fields=[
                ("stored_as", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
            ],
        ),
    ]
