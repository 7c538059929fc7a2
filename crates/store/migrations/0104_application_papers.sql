-- What an applicant uploads beside the form: the company's logo and the business licence (functions.md 1.3).

CREATE TABLE business_licences (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    media_type      TEXT   NOT NULL CONSTRAINT business_licences_media_type_known CHECK (media_type IN ('image/jpeg', 'application/pdf')),
    byte_count      BIGINT NOT NULL CONSTRAINT business_licences_hold_something CHECK (byte_count > 0),
    -- sealed by the vault for this row: a licence names people
    content_sealed  BYTEA  NOT NULL,
    uploaded_at     BIGINT NOT NULL,
    uploaded_by     TEXT   NOT NULL REFERENCES users (id)
);

ALTER TABLE seller_applications ADD COLUMN logo_id TEXT REFERENCES images (id);
ALTER TABLE seller_applications ADD COLUMN licence_id TEXT REFERENCES business_licences (id);
