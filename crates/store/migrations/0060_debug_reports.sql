-- Signed reports of the debugging kit that sellers put beside their releases.

CREATE TABLE debug_reports (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    -- exactly the bytes that were uploaded: they are read and verified anew each time they are shown
    content BYTEA NOT NULL,
    key_fingerprint TEXT NOT NULL,
    uploaded_by TEXT NOT NULL REFERENCES users (id),
    uploaded_at BIGINT NOT NULL,
    -- 1 while the product's draft carries it; one that was replaced stays as long as a submission carries it
    attached BIGINT NOT NULL CONSTRAINT debug_reports_attached_is_a_truth CHECK (attached IN (0, 1))
);
CREATE UNIQUE INDEX debug_reports_product_id_unique ON debug_reports (product_id) WHERE attached = 1;
CREATE INDEX debug_reports_product ON debug_reports (product_id);
CREATE INDEX debug_reports_key ON debug_reports (key_fingerprint, organisation_id);

-- Which report a submission carried when it was made.
CREATE TABLE release_reports (
    application_id TEXT NOT NULL PRIMARY KEY REFERENCES release_applications (id) ON DELETE CASCADE,
    report_id TEXT NOT NULL REFERENCES debug_reports (id) ON DELETE CASCADE
);
CREATE INDEX release_reports_report ON release_reports (report_id);
