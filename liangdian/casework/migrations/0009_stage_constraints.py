from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("casework", "0008_procedure_guards")]

    operations = [
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'withdrawn'), ('state', 'withdrawn')), models.Q(models.Q(('stage', 'withdrawn'), _negated=True), models.Q(('state', 'withdrawn'), _negated=True)), _connector='OR'), name='case_stage_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ['completed', 'delivered', 'ended', 'not_needed', 'refused', 'returned']), ('state__in', ['resolved', 'closed'])), models.Q(('stage', 'archived'), ('state', 'closed')), models.Q(models.Q(('stage__in', ['archived', 'completed', 'delivered', 'ended', 'not_needed', 'refused', 'returned']), _negated=True), models.Q(('state__in', ['resolved', 'closed']), _negated=True)), _connector='OR'), name='case_stage_answered'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at__isnull', False), ('stage__in', ['correction', 'special'])), models.Q(models.Q(('stage__in', ['correction', 'special']), _negated=True), ('paused_at__isnull', True)), _connector='OR'), name='case_paused_by_stage'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('rank__in', [0, 5])), name='case_rank_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='case_not_into_itself'),
        ),
    ]
