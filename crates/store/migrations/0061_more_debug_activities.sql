-- The debugging page also sends upgrades, checks of a change and notices of orders.

ALTER TABLE debug_cases DROP CONSTRAINT debug_cases_activity_known;
ALTER TABLE debug_cases ADD CONSTRAINT debug_cases_activity_known CHECK (activity IN
    ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance',
     'changeInstanceCheck', 'orderNotify'));

ALTER TABLE debug_runs DROP CONSTRAINT debug_runs_activity_known;
ALTER TABLE debug_runs ADD CONSTRAINT debug_runs_activity_known CHECK (activity IN
    ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance',
     'changeInstanceCheck', 'orderNotify'));
