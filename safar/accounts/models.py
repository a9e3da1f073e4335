"""Workspaces, their members, the keys that open them, and who did what. Written by the services of this room alone."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from safar.accounts.weeks import GREGORIAN_WEEK


class Workspace(models.Model):
    """One business: its zone, calendar and money. Every row of every other room names one by its id."""

    id = models.AutoField(primary_key=True)  # integer: it stands in every hot table
    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")  # IANA; of contacts whose own is unknown
    calendar = models.CharField(max_length=16, default="gregorian")  # gregorian | jalali
    language = models.CharField(max_length=8, default="en")  # en | fa
    currency = models.CharField(max_length=4, default="USD")  # money is kept in it
    currency_unit = models.CharField(max_length=4, default="USD")  # and shown in it: IRT for an IRR workspace
    late_events = models.IntegerField(default=3600)  # seconds; an event older than that at acceptance is history
    send_mode = models.CharField(max_length=16, default="mailbox")  # mailbox | team | live
    team_addresses = models.JSONField(default=list, blank=True)  # who may get messages in the mode team
    stopped = models.BooleanField(default=False)  # the kill switch: nothing leaves the house
    demo = models.BooleanField(default=False)
    week_start = models.CharField(
        max_length=3, default=GREGORIAN_WEEK.start, db_default=GREGORIAN_WEEK.start
    )  # sat | sun | mon
    weekend = models.JSONField(
        default=list, blank=True, db_default=models.Value([], models.JSONField())
    )  # such as ["thu", "fri"]
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(calendar__in=("gregorian", "jalali")), name="workspace_calendar"),
            models.CheckConstraint(condition=Q(language__in=("en", "fa")), name="workspace_language"),
            models.CheckConstraint(condition=Q(send_mode__in=("mailbox", "team", "live")), name="workspace_send_mode"),
            models.CheckConstraint(condition=Q(late_events__gte=0), name="workspace_late_events"),
            models.CheckConstraint(condition=Q(week_start__in=("sat", "sun", "mon")), name="workspace_week_start"),
        ]

    def __str__(self) -> str:
        return self.slug


class Member(AbstractBaseUser):
    """A person who works here, known by an e-mail address in small letters. In which workspaces: see Membership.

    owner: of the installation; at home in every workspace, as its owner.
    """

    id = models.AutoField(primary_key=True)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    language = models.CharField(max_length=8, default="", blank=True)  # of the pages; empty: the browser's
    owner = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)  # Django's name: False may not sign in
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = BaseUserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(language__in=("", "en", "fa")), name="member_language")]

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    """What a member may do, from most to least; each may do what those after it may."""

    OWNER = "owner"  # everything
    ADMIN = "admin"  # settings, members, keys, senders
    EDITOR = "editor"  # journeys, messages, contacts
    ANALYST = "analyst"  # sees everything and exports it
    VIEWER = "viewer"  # sees

    def covers(self, needed: Role) -> bool:
        """Whether it may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) <= ranks.index(needed)


class Membership(models.Model):
    """A member's place in a workspace."""

    id = models.AutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "member"], name="membership_member"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.workspace_id}: {self.role}"


class SignInLink(models.Model):
    """A link that signs one member in, once. Its token is kept as its SHA-256."""

    id = models.AutoField(primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class EmailChange(models.Model):
    """An address that a member wants to have from now on; it counts once its link was used. The token is kept as its SHA-256."""

    id = models.AutoField(primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    hash = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # used, withdrawn, or another was asked for

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(closed_at=None), name="email_change_open")
        ]

    def __str__(self) -> str:
        return self.email


class Invitation(models.Model):
    """An e-mail address that may become a member of a workspace. Its token is kept as its SHA-256."""

    id = models.AutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16)
    hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # accepted or withdrawn

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "email"], condition=Q(closed_at=None), name="invitation_open"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role"),
        ]

    def __str__(self) -> str:
        return self.email


class ApiKey(models.Model):
    """A key as it is kept: its SHA-256, and enough of its beginning to tell it from others in a list. A public one as a whole."""

    WRITE, SECRET = "write", "secret"

    id = models.AutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)  # write (public, pk_) | secret (sk_)
    prefix = models.CharField(max_length=16)
    hash = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=200, default="", blank=True)
    scopes = models.JSONField(default=list, blank=True)  # secret keys only; empty: everything
    plain = models.CharField(
        max_length=64, default="", db_default="", blank=True
    )  # write keys only: they stand in every page of a website
    sites = models.JSONField(
        default=list, blank=True, db_default=models.Value([], models.JSONField())
    )  # hosts whose pages may send with it; empty: every one
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=("write", "secret")), name="api_key_kind")]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class AuditEntry(models.Model):
    """Who did what to what. Only ever added to."""

    id = models.BigAutoField(primary_key=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=200)  # a member's e-mail, a key's prefix, "command line"
    action = models.CharField(max_length=64)  # verb_noun, such as create_key
    subject = models.CharField(max_length=200)  # such as key:12
    details = models.JSONField(default=dict, blank=True)  # never a secret

    class Meta:
        indexes = [models.Index(fields=["workspace", "at"], name="audit_workspace_at")]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject}"
