"""What each row can hold."""

import datetime

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mediation', '0001_initial'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='committee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('police_name', ''), _negated=True), models.Q(('police_phone', ''), _negated=True)), name='mediation_committee_whole'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(models.F('state'), models.F('registered_at'), name='mediation_by_state'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(models.OrderBy(models.F('registered_at'), descending=True), models.OrderBy(models.F('case_id'), descending=True), name='mediation_newest'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['registered', 'consented', 'mediating', 'signing', 'effective', 'fulfilled', 'unfulfilled', 'failed', 'refused'])), name='mediation_dispute_state_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['marriage', 'neighbours', 'housing', 'contract', 'business', 'damages', 'land', 'expropriation', 'pollution', 'labour', 'consumer', 'medical', 'traffic', 'property', 'other'])), name='mediation_dispute_category_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('subtype', ''), ('subtype__in', ['debt', 'rent', 'support', 'inheritance', 'divorce', 'noise', 'water', 'boundary', 'wages', 'injury']), _connector='OR'), name='mediation_dispute_subtype_known'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['application', 'own', 'transfer']), models.Q(models.Q(('source', 'transfer'), _negated=True), models.Q(('transferred_by', ''), _negated=True), _connector='OR')), name='mediation_dispute_source'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('way_out', ''), _negated=True), _connector='OR'), name='mediation_dispute_way_out'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('dispute', 'version'), name='mediation_agreement_version'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(condition=models.Q(('dropped_at__isnull', True)), fields=('dispute',), name='mediation_agreement_one'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('form__in', ['written', 'oral'])), name='mediation_agreement_form'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('effective_at__isnull', True), models.Q(('confirm_until__isnull', False), ('dropped_at__isnull', True)), _connector='OR'), name='mediation_agreement_in_effect'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('dispute', 'member'), name='mediation_assigned_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['by_parties', 'assigned'])), name='mediation_assigned_how'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(fields=('dispute', 'number'), name='mediation_party_number'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.UniqueConstraint(condition=models.Q(('resident__isnull', False)), fields=('dispute', 'resident'), name='mediation_party_resident_once'),
        ),
        migrations.AddConstraint(
            model_name='party',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['applicant', 'respondent', 'third'])), name='mediation_party_side_known'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__isnull', True), ('amount_fen__gt', 0), _connector='OR'), name='mediation_offer_amount'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted__isnull', True), ('answered_at__isnull', True)), models.Q(('accepted__isnull', False), ('answered_at__isnull', False)), _connector='OR'), name='mediation_offer_answered'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(models.F('due_on'), models.F('id'), condition=models.Q(('state', 'due')), name='mediation_falls_due'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='mediation_obligation_number'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_fen__gt', 0), ('kind', 'money')), models.Q(('amount_fen__isnull', True), ('kind', 'act')), _connector='OR'), name='mediation_obligation_what'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('debtor', models.F('creditor')), _negated=True), name='mediation_obligation_two_sides'),
        ),
        migrations.AddConstraint(
            model_name='obligation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'kept', 'broken', 'excused']), models.Q(models.Q(('state', 'kept'), _negated=True), ('done_on__isnull', False), _connector='OR')), name='mediation_obligation_state'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(models.F('party'), models.F('subject'), models.F('id'), name='mediation_answer_newest'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['in_person', 'phone', 'writing', 'representative']), ('subject__in', ['mediation', 'mediators', 'open_session', 'more_time'])), name='mediation_answer_known'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.UniqueConstraint(fields=('dispute', 'member'), name='mediation_recused_once'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='mediation_recused_why'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('risk__in', ['violence', 'crime', 'self_harm', 'crowd']), models.Q(('told_name', ''), _negated=True)), name='mediation_report_whole'),
        ),
        migrations.AddConstraint(
            model_name='representative',
            constraint=models.CheckConstraint(condition=models.Q(('basis', ''), _negated=True), name='mediation_representative_by'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.UniqueConstraint(fields=('dispute', 'number'), name='mediation_session_number'),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.CheckConstraint(condition=models.Q(('openness__in', ['open', 'closed'])), name='mediation_session_openness'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mediator__isnull', True), ('party__isnull', False), ('representative__isnull', True)), models.Q(('mediator__isnull', True), ('party__isnull', True), ('representative__isnull', False)), models.Q(('mediator__isnull', False), ('party__isnull', True), ('representative__isnull', True)), _connector='OR'), name='mediation_attendance_one'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('session', 'party'), name='mediation_attendance_party'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('session', 'representative'), name='mediation_attendance_representative'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('session', 'mediator'), name='mediation_attendance_mediator'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('agreement', 'party'), name='mediation_signed_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('agreement', 'mediator'), name='mediation_mediator_signed_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mediator__isnull', True), ('party__isnull', False)), models.Q(('mediator__isnull', False), ('party__isnull', True)), _connector='OR'), name='mediation_signature_of_one'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', 'screen'), ('scan__isnull', True)), models.Q(('how__in', ['paper', 'fingerprint']), ('scan__isnull', False)), _connector='OR'), name='mediation_signature_to_be_seen'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('committee', 'starts'), name='mediation_term_once'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('members__gte', 3), ('members__lte', 9)), name='mediation_term_three_to_nine'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('women__gte', 1), ('women__lte', models.F('members'))), name='mediation_term_with_women'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts')), ('ends__lte', django.db.models.expressions.CombinedExpression(models.F('starts'), '+', models.Value(datetime.timedelta(days=1096))))), name='mediation_term_three_years'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('left__isnull', True)), fields=('term', 'user'), name='mediation_member_once'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(condition=models.Q(('head', True), ('left__isnull', True)), fields=('term',), name='mediation_one_head'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(('left__isnull', True), ('left__gte', models.F('joined')), _connector='OR'), name='mediation_member_period'),
        ),
    ]
