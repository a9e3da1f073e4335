"""Imports: files of contacts and of events, through the same door as everything else."""

from safar.events.imports.contacts_csv import import_contacts as import_contacts
from safar.events.imports.events_jsonl import import_events as import_events
from safar.events.imports.report import ImportReport as ImportReport
