-- Production addresses that speak version 1.0 of the protocol, and the calls of that version on the debugging page.

ALTER TABLE interface_addresses DROP CONSTRAINT interface_addresses_protocol_known;
ALTER TABLE interface_addresses ADD CONSTRAINT interface_addresses_protocol_known CHECK (protocol IN ('v1', 'v2'));

ALTER TABLE debug_cases DROP CONSTRAINT debug_cases_activity_known;
ALTER TABLE debug_cases ADD CONSTRAINT debug_cases_activity_known CHECK (activity IN
    ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance',
     'changeInstanceCheck', 'orderNotify', 'expireInstance', 'instanceStatus', 'upgrade'));

ALTER TABLE debug_runs DROP CONSTRAINT debug_runs_activity_known;
ALTER TABLE debug_runs ADD CONSTRAINT debug_runs_activity_known CHECK (activity IN
    ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance',
     'changeInstanceCheck', 'orderNotify', 'expireInstance', 'instanceStatus', 'upgrade'));
