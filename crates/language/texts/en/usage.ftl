### Usage records that a seller's systems push.

nav-usage = Usage records
usage-title = Usage records
usage-lead = What your systems reported as used, the newest first. A rejected record does not count: mend it and push it again.
usage-instance = Instance
usage-span = Time span
usage-amount = Amount
usage-state = State
usage-reason = Reason
usage-received = Received { $time }
usage-all = All
usage-state-received = Being checked
usage-state-accepted = Accepted
usage-state-rejected = Rejected
usage-empty-title = No usage records yet
usage-empty-text = When your system pushes usage of a pay-per-use product, every record stands here with what came of it.
usage-filtered-title = No records in this state
usage-filtered-text = Other records may be in another state.
usage-show-all = Show all records
usage-fault-number-taken = Another record has this metering_sn and says something else; that one stands. Give this one a number of its own.
usage-fault-record-time-unreadable = record_time is no time. Write it as 20260115T090000Z, in UTC.
usage-fault-begin-time-unreadable = begin_time is no time. Write it as 20260115T090000Z, in UTC.
usage-fault-end-time-unreadable = end_time is no time. Write it as 20260115T090000Z, in UTC.
usage-fault-value-unreadable = The amount is not above 0, or has more than 4 decimals or 8 digits before the point.
usage-fault-ends-before-it-begins = The time span ends before it begins.
usage-fault-ends-after-record = The record was made before its time span ended.
usage-fault-recorded-in-the-future = The record was made in the future. Check your system’s clock.
usage-fault-too-old = The time span began more than 21 days before the push.
usage-fault-no-such-instance = You have no such instance. Use the id that your system answered when it was created.
usage-fault-other-product = The instance belongs to another product.
usage-fault-not-pay-per-use = The instance is sold by period or once, not by usage.
usage-fault-before-start = The time span begins before the instance was in use.
usage-fault-after-close = The time span ends after the instance was closed.
usage-fault-duplicate = A record of the same instance and time span counts already.

notice-usage-rejected-subject = Usage records were rejected
notice-usage-rejected-body = Some usage records that your system pushed today do not count. The page says why, record by record: mend them and push them again. You are told once a day.
