-- Proof that a seller owns the domain of its production addresses: one row for each organisation and origin we looked at.

CREATE TABLE domain_proofs (
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    -- scheme, host and port: https://saas.example.com
    origin          TEXT   NOT NULL,
    proven_at       BIGINT,
    failure         TEXT,
    failed_at       BIGINT,
    PRIMARY KEY (organisation_id, origin),
    CONSTRAINT domain_proofs_proven_or_failed CHECK (
         (proven_at IS NOT NULL AND failure IS NULL AND failed_at IS NULL)
      OR (proven_at IS NULL AND failure IS NOT NULL AND failed_at IS NOT NULL
            AND failure IN ('refused', 'name_not_found', 'no_connection', 'tls', 'timed_out', 'redirected', 'no_file', 'status',
                            'too_long', 'differs')))
);
