from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0005_full_text"),
    ]

    operations = [
        migrations.CreateModel(
            name="AverageQuestion",
            fields=[
                ("model", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("numbers", models.JSONField()),
            ],
        ),
    ]
