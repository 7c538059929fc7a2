### Sellers' interfaces: dial tests, failed orders, proof of domains, keys.

# Dial tests
dial-case-spoilt = The saved values are no longer allowed: { $members }. Open the case, mend them and save it again.
dial-case-missing = No case of this required call is saved.
dial-title = Dial tests
dial-lead = Every morning and every afternoon all saved cases of an address are called, as long as something is on sale with it.
dial-next = The next test begins { $at }.
dial-days = { $days ->
    [0] No day in a row has failed.
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
dial-running = A dial test has been running since { $at }. Its result appears here.
dial-update = Look again
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
problem-dial-test-running = A dial test of this address is running. Wait for its result.
problem-no-debug-cases = No debugging case is saved for this address. Debug each call and save it, then run the dial test.

# The operator's page of interfaces that fail
nav-interfaces = Failing interfaces
operator-work-interfaces = Products whose interfaces fail and that need a decision.
failing-title = Sellers whose interfaces fail
failing-lead = Products with too many failed orders, products stopped by failed dial tests, and what fails now.
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
failing-orders-title = The failed orders of the last of these months
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

# Proof of the domain
proof-title = Proof of the domain
proof-lead = A product can be submitted only with an address of a domain that you have proven to be yours. Once proven it holds for every address of your organisation with the same scheme, host and port.
proof-lead-not-asked = This marketplace does not ask for a proof. You can give it all the same.
proof-proven = Proven
proof-proven-at = It is yours, proven { $at }.
proof-unproven = Not proven
proof-step-file = Download the file
proof-step-text = Its text, on one line:
proof-step-put = Put it unmodified at the root of the site, so that it is found at
proof-step-check = Check. Once it was found, you can remove it.
proof-copy = Copy text
proof-check = Check now
proof-failed = Not found { $at }
proof-now-proven = The domain is proven.
proof-still-unproven = The file was not found. The reason stands below.
proof-failure-refused = This address is not one that we may call.
proof-failure-name-not-found = The name has no address. Check the DNS.
proof-failure-no-connection = Nobody answers there, or the connection broke.
proof-failure-tls = The certificate is not acceptable: expired, for another name, or from no public authority.
proof-failure-timed-out = No whole answer came within 10 seconds.
proof-failure-redirected = The site sends us elsewhere. Redirects are not followed: the file must be there itself.
proof-failure-no-file = There is no such file (404). Check its name and that it lies at the root of the site.
proof-failure-status = The site answered with another status than 200.
proof-failure-too-long = The answer is longer than the file. A page stands in its place.
proof-failure-differs = The text is another one. Download the file again and put it there unmodified.
catalog-field-domain = Proof of the domain
problem-domain-not-proven = Prove first that the domain of this address is yours.
problem-release-domain-not-proven = The seller has not proven that the domain of the address is its own.
problem-address-not-allowed-now = This address may not be called any more. Add one that follows the rules.

# Keys
bound-title = Access keys
bound-lead = Each type of interface has a key of its own. Basic interfaces are create, query, renew, freeze, release and upgrade.
bound-type = Type of interface
bound-type-basic = Basic interfaces
bound-type-basic-note = Every call of no other type
bound-type-joint-operations = Joint operations sync
bound-type-licence-code = Delivery of licence codes
bound-type-order-notice = Order notices (general interface)
bound-none = No key bound
bound-retiring = The key before, { $key }, is still good.
bound-retiring-note = Calls are signed with the new key. Answers and usage signed with either are accepted until { $until }, or until you end the old key.
bound-retire = End the old key now
bound-retired = The old key is ended.
problem-key-is-the-same = This is the key that is bound already.
problem-key-shared = Another type of interface has this key. Types must not share one.
problem-key-rotation-running = The key before still lives. End it, then introduce another.
problem-no-key-bound = No key is bound for this type of interface. Bind one on the page of the address, with “Replace key”. Other types have keys of their own.
notice-access-key-retired-subject = The old access key is ended
notice-access-key-retired-body = The old access key of { $url } is ended. Only what is signed with the present key is accepted.

# Members that travel in two forms
wire-form-encryption = Encryption of e-mail and phone number
wire-form-encryption-note = Your system chose one when it was integrated (encryptType). The user name and password that it answers with may use either.
wire-form-aes256 = 1: AES-256
wire-form-aes128 = 2: AES-128
wire-form-encryption-save = Save encryption
wire-form-product-info = productInfo in changeInstanceCheck
wire-form-text = Text
wire-form-text-note = JSON inside a string, which every check of signatures understands.
wire-form-object = Object
wire-form-object-note = A nested JSON object.
wire-form-product-info-save = Save form
wire-form-saved = Saved. Every call from now on is sent this way.
problem-setting-of-other-protocol = Only addresses that speak { $version } have this setting.
problem-protocol-changed-meanwhile = The protocol of this address changed while the call was on its way, so the case is not saved. Send it again.

# Order notices
selling-notices = Order notices
selling-notices-off = Off
selling-notices-on = On
selling-notices-on-note = Your system is told of each paid order (orderNotify), signed with the key for order notices. A notice is tried for an hour; no order waits for it.
selling-notices-saved = Order notices saved.
selling-notices-save = Save notices
problem-order-notices-need-key = Bind an access key for order notices first. They are not signed with the basic key.
problem-order-notices-need-case = Debug orderNotify and save the case first. Then your system can be told of orders.
