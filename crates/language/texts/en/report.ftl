# Signed reports of the debugging kit beside a release

report-title = Debugging report
report-none-seller = A report of souk debug shows the reviewer what your system answered to every call, also to the hostile ones. It is optional.
report-field = Report file
report-field-hint = The file that souk debug --report wrote, at most { $most }. It holds no access key.
report-attach = Attach
report-replace = Replace
report-download = Download the file
report-attached = The report is attached.
report-removed = The report is removed.
report-signature = Signature
report-signature-good = Fits the file
report-signature-bad = Cannot be verified
report-signature-note = It says that the file is as the holder of this key wrote it, not who that is. We called the saved cases ourselves when this was submitted.
report-signature-note-seller = The signature says that nobody changed the file since your program wrote it. When you submit, we call your saved cases ourselves.
report-key = Key
report-key-use = This seller’s reports with it
report-key-strangers = { $count ->
    [one] Another seller handed in a report with the same key.
   *[other] { $count } other sellers handed in reports with the same key.
}
report-copy-key = Copy the key’s fingerprint
report-address = Address
report-copy-address = Copy the address
report-made = Made
report-made-age = { $count ->
    [0] { $when }, less than a day old
    [one] { $when }, 1 day old
   *[other] { $when }, { $count } days old
}
report-made-ahead = { $when }, later than now
report-attached-at = Attached
report-tool = Made with
report-protocol = Protocol
report-protocol-v2 = V2.0
report-protocol-v1 = V1.0
report-billing = Billing
report-billing-period = Monthly or yearly
report-billing-one-time = One-time
report-billing-pay-per-use = Pay-per-use
report-result = Result
report-result-passed = Passed
report-result-failed = Did not pass
report-cases = { $count ->
    [one] 1 case
   *[other] { $count } cases
}
report-cases-sum = { $passed } passed, { $warned } with warnings, { $failed } failed, { $skipped } not tried
report-cases-all = Every case with its checks
report-cases-language = The checks are in English, as the kit wrote them.
report-case = { $activity }, { $elapsed } ms
report-outcome-pass = Passed
report-outcome-warn = Warning
report-outcome-fail = Failed
report-outcome-skip = Not tried
report-no-concern = Nothing about the report needs a word
report-concern-failed = { $cases ->
    [0] The report says that the run did not pass.
    [one] 1 case of the report failed.
   *[other] { $cases } cases of the report failed.
}
report-concern-other-address = The report is about another address: { $tried }.
report-concern-no-address = No interface address is chosen yet, so there is nothing to compare the report with.
report-concern-other-protocol = The report speaks protocol { $found }; this address speaks { $wanted }.
report-concern-not-tried = Required calls were not tried: { $activities }.
report-concern-old = The report is { $days } days old; at most { $most } days is fresh.
report-concern-from-the-future = The report says that it was made later than now. A clock is wrong.
review-finding-report-none = No report of souk debug is attached
review-finding-report-good = The attached report is signed, fresh and about this address, and no case failed
review-finding-report-bad = The attached report cannot be verified: { $reason }

problem-report-required = Choose the file that souk debug --report wrote.
problem-report-too-large = Use a report of at most { $most }. No run writes more.
problem-report-not-json = This is no JSON file that can be trusted. Choose the file that souk debug --report wrote.
problem-report-other-format = This is no report of souk debug, or one of a version that we do not know. Choose the file that souk debug --report wrote.
problem-report-malformed = The report lacks { $member }, or it has a form that souk debug does not write. Make it again with souk debug --report.
problem-report-changed = The signature does not fit: the file was changed after it was written, or carries another key. Make it again with souk debug --report.
