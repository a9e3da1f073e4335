-- Finding consents that were said to be pending and that nobody was asked about yet. Called by migration 0008.
CREATE INDEX consent_record_pending ON consent_record (at) WHERE state = 'pending';
