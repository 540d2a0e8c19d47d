import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0002_durable_log'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='message',
            options={'permissions': (('view_message_text', 'Can read the text of messages'),)},
        ),
        # Where the time of making comes from is Django's affair: the column stays as it is, so no table is made anew.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='message',
                    name='created_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('target_kind', models.CharField(choices=[('message', 'Message')], max_length=10)),
                ('target_id', models.UUIDField()),
                ('rating', models.CharField(choices=[('up', 'Up'), ('down', 'Down')], max_length=4)),
                ('reason', models.CharField(blank=True, choices=[('wrong', 'Wrong'), ('incomplete', 'Incomplete'), ('off_topic', 'Off Topic'), ('sources', 'Sources'), ('harmful', 'Harmful'), ('other', 'Other')], max_length=20)),
                ('comment', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='chat.message')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'feedback',
                'indexes': [models.Index(fields=['-updated_at'], name='feedback_newest_first')],
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'target_kind', 'target_id'), name='one_feedback_per_target'),
                    models.CheckConstraint(condition=models.Q(models.Q(('message_id', models.F('target_id')), ('target_kind', 'message')), models.Q(models.Q(('target_kind', 'message'), _negated=True), ('message', None)), _connector='OR'), name='feedback_names_its_message'),
                ],
            },
        ),
    ]
