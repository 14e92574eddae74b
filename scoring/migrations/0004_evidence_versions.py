import mimetypes
from pathlib import PurePath

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import scoring.models.evidence


def content_becomes_version_1(apps, schema_editor):
    """The file or link that stood at the document itself is its first version."""
    document_model = apps.get_model("scoring", "EvidenceDocument")
    version_model = apps.get_model("scoring", "EvidenceVersion")
    for document in document_model.objects.iterator():
        document.current = version_model.objects.create(
            document=document,
            number=1,
            file=document.file,
            file_name=document.file_name,
            file_size=document.file_size,
            sha256=document.sha256,
            media_type=_media_type(document.file_name) if document.file else "",
            link="" if document.file else document.link,
            added_at=document.added_at,
            added_by=document.added_by,
        )
        document.save(update_fields=["current"])
    # PostgreSQL alters no table whose deferred constraints are still to be checked.
    schema_editor.connection.check_constraints()


def _media_type(file_name):
    guessed = mimetypes.guess_type(PurePath(file_name).name)[0]
    return guessed or "application/octet-stream"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0003_reports")]

    operations = [
        migrations.CreateModel(
            name="EvidenceVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        upload_to=scoring.models.evidence.evidence_path,
                        verbose_name="file",
                    ),
                ),
                (
                    "file_name",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="file name"
                    ),
                ),
                (
                    "file_size",
                    models.PositiveBigIntegerField(default=0, verbose_name="size"),
                ),
                (
                    "sha256",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256"),
                ),
                (
                    "media_type",
                    models.CharField(blank=True, max_length=100, verbose_name="kind"),
                ),
                (
                    "link",
                    models.URLField(blank=True, max_length=500, verbose_name="link"),
                ),
                (
                    "seen_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="link seen on"
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="added at")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="scoring.evidencedocument",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of an evidence document",
                "verbose_name_plural": "versions of evidence documents",
                "ordering": ["document", "number"],
                "indexes": [
                    models.Index(fields=["file"], name="evidence_by_stored_file"),
                    models.Index(fields=["sha256"], name="evidence_by_content"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "number"),
                        name="one_evidence_version_per_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="evidence_versions_count_from_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("file", ""), models.Q(("link", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("file", ""), _negated=True), ("link", "")
                            ),
                            _connector="OR",
                        ),
                        name="evidence_is_a_file_or_a_link",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("file", ""),
                            models.Q(
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("file_name", ""), _negated=True),
                                models.Q(("media_type", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_evidence_file_has_name_hash_and_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seen_on", None),
                            models.Q(("link", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="only_a_link_was_seen_on_a_day",
                    ),
                ],
            },
        ),
        migrations.RenameField("evidencedocument", "uploaded_at", "added_at"),
        migrations.RenameField("evidencedocument", "uploaded_by", "added_by"),
        migrations.AlterModelOptions(
            name="evidencedocument",
            options={
                "ordering": ["added_at", "pk"],
                "verbose_name": "evidence document",
                "verbose_name_plural": "evidence documents",
            },
        ),
        migrations.AlterField(
            model_name="evidencedocument",
            name="added_at",
            field=models.DateTimeField(verbose_name="added at"),
        ),
        migrations.AlterField(
            model_name="evidencedocument",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="added by",
            ),
        ),
        migrations.AddField(
            model_name="evidencedocument",
            name="current",
            field=models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="scoring.evidenceversion",
                verbose_name="current version",
            ),
        ),
        migrations.AddField(
            model_name="evidencedocument",
            name="removed_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="removed at"
            ),
        ),
        migrations.AddField(
            model_name="evidencedocument",
            name="removed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="removed by",
            ),
        ),
        migrations.RunPython(content_becomes_version_1),
        migrations.RemoveConstraint("evidencedocument", "evidence_is_file_or_link"),
        migrations.RemoveConstraint(
            "evidencedocument", "an_evidence_file_has_name_and_hash"
        ),
        migrations.RemoveField("evidencedocument", "file"),
        migrations.RemoveField("evidencedocument", "file_name"),
        migrations.RemoveField("evidencedocument", "file_size"),
        migrations.RemoveField("evidencedocument", "sha256"),
        migrations.RemoveField("evidencedocument", "link"),
        migrations.AddConstraint(
            model_name="evidencedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at", None), ("removed_by", None)),
                    models.Q(
                        ("removed_at__isnull", False), ("removed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="who_removed_a_document_is_known",
            ),
        ),
    ]
