### Sellers' interfaces: dial tests, failed orders, proof of domains, keys.

# Dial tests
dial-case-missing = No case of this required call is saved.
dial-title = Dial tests
dial-lead = Every morning and every afternoon all saved cases of an address are called, as long as something is on sale with it.
dial-next = The next test begins { $at }.
dial-days = { $days ->
    [0] The last day passed.
    [one] 1 day in a row has failed.
   *[other] { $days } days in a row have failed.
}
dial-limit = { $days ->
    [0] Trade is never stopped because of failed tests.
    [one] After 1 failed day trade is stopped.
   *[other] After { $days } failed days in a row trade is stopped.
}
dial-run = Run the dial test now
dial-run-note = Calls every saved case once. A failure does not count against you.
dial-ran-passed = The dial test passed.
dial-ran-failed = The dial test failed. The cases below say why.
dial-none = Not tested yet.
dial-when = When
dial-occasion = Test
dial-result = Result
dial-failing-cases = Failed cases
dial-occasion-morning = Morning
dial-occasion-afternoon = Afternoon
dial-occasion-asked = Asked for
dial-result-passed = Passed
dial-result-failed = { $failing } of { $cases } failed
dial-stopped = Trade in { $product } is stopped because dial tests failed.
dial-stopped-detail = Mend your system, then run the dial test here. When it passes, the operator is told and can allow trade again. What was bought goes on.
dial-stopped-product = Trade is stopped because dial tests failed.
dial-stopped-operator = The operator stopped trade.
dial-stopped-operator-detail = What was bought goes on. Write to the operator to learn more.
dial-see-tests = See the dial tests
notice-dial-test-failed-subject = The dial test of { $product } failed
notice-dial-test-failed-body = { $failing } of { $cases } saved cases failed. The first is “{ $case }”: { $reason } Failed days in a row: { $days }.
notice-dial-test-stopped-subject = { $product } is stopped: dial tests failed
notice-dial-test-stopped-body = Dial tests of { $product } failed on { $days } days in a row, so trade is stopped and the product is hidden. What was bought goes on. Last, { $failing } of { $cases } saved cases failed; the first is “{ $case }”: { $reason } Mend your system and run the dial test on the page of the address. When it passes, the operator can allow trade again.
notice-dial-test-stopped-operator-subject = { $product } is stopped: dial tests failed
notice-dial-test-stopped-operator-body = Dial tests of { $product } failed on { $days } days in a row, so trade is stopped and the product is hidden. Last, { $failing } of { $cases } saved cases failed; the first is “{ $case }”: { $reason } You are told when the seller's own test passes.
notice-dial-test-mended-subject = { $product } passes its dial test again
notice-dial-test-mended-body = Trade in { $product } was stopped because dial tests failed. The seller ran the test again and it passed. You can allow trade.
problem-no-debug-cases = No debugging case is saved for this address. Debug each call and save it, then run the dial test.

# The operator's page of interfaces that fail
nav-interfaces = Failing interfaces
operator-work-interfaces = Products whose interfaces fail and that need a decision.
failing-title = Sellers whose interfaces fail
failing-lead = Products with too many failed orders, products that failed dial tests stopped, and what fails now.
failing-empty-title = Every interface answers
failing-empty-text = No product has too many failed orders, and no dial test fails.
failing-raised-title = Too many failed orders
failing-raised-note = So many orders of these products failed in a month because the seller's system did not deliver. Decide whether they stay on sale.
failing-stopped-title = Stopped by dial tests
failing-stopped-note = Trade stopped by itself after failed days in a row. When the seller's own test passes, you can allow trade again.
failing-now-title = Failing now
failing-now-note = The last dial test failed. Sellers are told each time.
failing-product = Product
failing-seller = Seller
failing-state = State
failing-month = Month
failing-orders = Failed orders
failing-since = Waits since
failing-stopped-since = Stopped since
failing-last = Last test
failing-mended = Passes again
failing-days = Failed days in a row
failing-case = { $case }: { $reason }
failing-months-title = Orders that failed through the interface
failing-no-orders = No order failed because the seller's system did not deliver.
failing-orders-title = The orders of the last of these months
failing-ordered = Ordered
failing-decision = Decision
failing-decided-keep = Kept on sale { $at }
failing-decided-remove = Taken from sale { $at }
failing-waits = Needs a decision
failing-allow = Allow trade
failing-allow-mended = The seller's own dial test passed after trade was stopped.
failing-allow-unproven = The seller has not shown yet that its system answers again. You can allow trade all the same; failed days count from then on.
failing-reason = Reason
failing-reason-hint = 10 to 2,000 characters. The seller reads it when the product is taken from sale.
failing-keep = Keep on sale
failing-remove = Take from sale for good
failing-allowed = Trade is allowed again.
failing-kept = The product stays on sale.
failing-removed = The product is taken from sale. What was bought goes on.
notice-failed-orders-raised-subject = { $product }: { $failed } failed orders in { $month }
notice-failed-orders-raised-body = { $failed } orders of { $product } by { $seller } failed in { $month } because the seller's system did not deliver. Decide whether it stays on sale.
notice-product-removed-subject = { $product } is taken from sale
notice-product-removed-body = The operator took { $product } from sale for good. What was bought goes on. Reason: { $reason }
