-- Every call of either version of the protocol on the debugging page: licences and joint operations as well.

ALTER TABLE debug_cases DROP CONSTRAINT debug_cases_activity_known;
ALTER TABLE debug_cases ADD CONSTRAINT debug_cases_activity_known CHECK (activity IN
    ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance',
     'changeInstanceCheck', 'orderNotify', 'expireInstance', 'instanceStatus', 'upgrade', 'getLicenseAsync',
     'refreshLicenseCode', 'updateLicenseCodeStatus', 'releaseLicenseCode', 'getLicense', 'releaseLicense', 'tenantSync',
     'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'));

ALTER TABLE debug_runs DROP CONSTRAINT debug_runs_activity_known;
ALTER TABLE debug_runs ADD CONSTRAINT debug_runs_activity_known CHECK (activity IN
    ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'upgradeInstance',
     'changeInstanceCheck', 'orderNotify', 'expireInstance', 'instanceStatus', 'upgrade', 'getLicenseAsync',
     'refreshLicenseCode', 'updateLicenseCodeStatus', 'releaseLicenseCode', 'getLicense', 'releaseLicense', 'tenantSync',
     'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'));
