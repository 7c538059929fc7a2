### Selling: applications, production addresses and keys, the interface debugger; the operator's queue of applications.

# The application
selling-apply-title = Seller application
selling-apply-lead = Tell us about your company. We answer within { $days } working days. The draft is kept as you type.
selling-apply-company = Company
selling-apply-contact = Contact person
selling-apply-address = Address on the business licence
selling-apply-support = Customer service
selling-apply-support-note = Shown on the page of each of your products. Answer within 24 hours.
selling-apply-agreements = Agreements
selling-apply-agreements-note = Each consent is kept with its version and time.
selling-apply-save = Save draft
selling-apply-submit = Hand in application
selling-apply-saved = The draft is saved.
selling-apply-administrator = Only an administrator of your organisation can apply.
selling-apply-submitted = Your application is with the operator. We tell you the answer by notice and e-mail.
selling-field-company-name = Company name
selling-field-company-name-hint = As on the business licence.
selling-field-website = Company website
selling-field-website-hint = A public page, not a sign-in page. It starts with https:// or http://.
selling-field-years-in-business = Years in business
selling-field-employees = Number of employees
selling-field-registered-capital = Registered capital
selling-field-registered-capital-hint = With its currency, such as CNY 5,000,000.
selling-field-licence-number = Business licence number
selling-field-contact-name = Name
selling-field-contact-mobile = Mobile number
selling-field-contact-email = E-mail
selling-field-contact-email-hint = We write here about reviews and failed calls.
selling-field-country = Country or region
selling-field-province = State or province
selling-field-city = City
selling-field-street = Street and number
selling-field-postcode = Postcode
selling-field-support-phone = Customer service phone
selling-field-support-email = Customer service e-mail
selling-field-introduction = Company introduction
selling-field-introduction-hint = 20 to 2,000 characters, without links to other sites.
selling-choose = Choose
selling-years-1-3 = 1 to 3 years
selling-years-3-5 = 3 to 5 years
selling-years-5-10 = 5 to 10 years
selling-years-10plus = More than 10 years
selling-employees-5-49 = 5 to 49
selling-employees-50-199 = 50 to 199
selling-employees-200-999 = 200 to 999
selling-employees-1000plus = 1,000 or more
selling-agreement-seller-terms = We accept the seller agreement, version { $version }.
selling-agreement-cooperation-rules = We accept the cooperation rules, version { $version }.
selling-agreement-privacy-statement = We have read the privacy statement, version { $version }.
selling-agreement-name-seller-terms = Seller agreement
selling-agreement-name-cooperation-rules = Cooperation rules
selling-agreement-name-privacy-statement = Privacy statement
selling-agreed-at = Version { $version }, { $at }
selling-stage-draft = Draft
selling-stage-pending-review = In review
selling-stage-approved = Approved
selling-stage-rejected = Needs changes
selling-pending-news = Your application is in review.
selling-pending-detail = Handed in { $at }. You get an answer by { $due }. Nothing can be changed until then.
selling-approved-news = Your company sells here.
selling-approved-detail = Approved { $at }.
selling-approved-link = Go to the seller console
selling-rejected-news = The operator asks for changes.
selling-rejected-detail = { $reason } Change the form and hand it in again.

# The seller's overview
selling-overview-title = Seller console
selling-overview-lead = What to do next, from top to bottom.
selling-overview-address = Add a production address
selling-overview-address-none = Your system answers there when something is bought.
selling-overview-address-some = { $count ->
    [one] 1 address
   *[other] { $count } addresses
}
selling-overview-cases = Save the required debugging cases
selling-overview-cases-none = No address has every required case yet.
selling-overview-cases-some = Ready for { $modes }
selling-overview-product = Release a product
selling-overview-product-fact = Choose a debugged address, describe the product, set prices, submit.
selling-overview-product-some = { $count ->
    [one] { $count } product on sale
   *[other] { $count } products on sale
}
selling-overview-application = Seller application
selling-overview-application-fact = What you told us, and your agreements.
selling-todo = To do
selling-done = Done
selling-open = Open

# Addresses and keys
selling-addresses-title = Interface addresses
selling-addresses-lead = Your production system answers at such an address. Calls are signed with the access key bound to it.
selling-addresses-empty-title = No address yet
selling-addresses-empty-text = Add the address of your production system, then debug each call.
selling-addresses-add = Add address
selling-address-title = Interface address
selling-address-url = Address
selling-address-url-hint = https, a public domain name, port { $ports }, with the path: https://saas.example.com/produce
selling-address-key = Access key
selling-address-key-hint = 16 to 128 characters without blanks. Leave it empty and we make one.
selling-address-policy = Signature of answers
selling-policy-off = Not checked
selling-policy-off-note = The header Body-Sign is ignored.
selling-policy-if-present = Checked if present
selling-policy-if-present-note = A wrong Body-Sign fails the call; a missing one does not.
selling-policy-required = Required
selling-policy-required-note = Every answer must carry a right Body-Sign.
selling-address-added = The address is added. Debug each call next.
selling-address-cases = Saved cases
selling-address-ready = Ready for
selling-address-ready-none = Not ready
selling-address-debug = Debug
selling-address-settings = Settings
selling-protocol-name = Protocol { $version }
selling-address-protocol = Protocol
selling-protocol-one = V1.0
selling-protocol-one-note = Deprecated, for systems that speak it already: GET, authToken, encrypted fields.
selling-protocol-two = V2.0
selling-protocol-two-note = For everything new: POST with a signed JSON body.
selling-address-protocol-note = Another protocol can be chosen as long as the address has no saved case and no product.
selling-address-protocol-save = Change protocol
selling-address-protocol-saved = The protocol is changed. Signatures of answers are checked by its default.
selling-policy-default = As the protocol asks
selling-policy-default-note = Checked if present for V2.0, required for V1.0.
selling-address-added-at = Added
selling-address-key-set = Key set
selling-address-reveal = Show key
selling-address-revealed = This is the key. It is hidden after 60 seconds.
selling-address-replace = Replace key
selling-address-replace-note = For basic interfaces: teach your system the new key first, so that it takes both. Calls are signed with the new key at once, also for products on sale; what your system signs with the old one stays good until you end it. Keys of the other types change at once.
selling-address-replaced = The key is replaced.
selling-address-policy-save = Save
selling-address-policy-saved = Saved.
selling-copy-key = Copy key
selling-copy-url = Copy address
selling-matrix = Required cases
selling-matrix-note = A product can be submitted when every required case is saved and passes once more. Cases of licences and joint operations are optional.
selling-matrix-activity = Call
selling-matrix-not-needed = Not needed
selling-matrix-optional = Optional
selling-matrix-period = Period
selling-matrix-saved = Saved
selling-matrix-missing = Missing
selling-billing-one-time = One-time
selling-billing-period = Monthly or yearly
selling-billing-pay-per-use = Pay-per-use

# The debugger
selling-debugger-title = Interface debugger
selling-debugger-key = Protocol { $version }, key { $key }
selling-debugger-version-note = This address speaks protocol version 2.0. The market provisions when an order is paid; version 2.0 has no parameter for that.
selling-debugger-version-one-note = This address speaks protocol version 1.0, deprecated and kept for systems that speak it already. Creation answers with access data at once; answers are signed with Body-Sign; user name and password travel encrypted.
selling-debugger-activity = Call
selling-activity-newinstance = Create
selling-activity-queryinstance = Query
selling-activity-refreshinstance = Renew
selling-activity-updateinstancestatus = Freeze and thaw
selling-activity-releaseinstance = Release
selling-activity-upgradeinstance = Upgrade
selling-activity-changeinstancecheck = Check a change
selling-activity-ordernotify = Order notice
selling-activity-expireinstance = Expire
selling-activity-instancestatus = Freeze and thaw
selling-activity-upgrade = Upgrade
selling-activity-getlicenseasync = Ask for a licence
selling-activity-refreshlicensecode = Renew a licence code
selling-activity-updatelicensecodestatus = Freeze and thaw a licence code
selling-activity-releaselicensecode = Release a licence code
selling-activity-getlicense = Get a licence
selling-activity-releaselicense = Release a licence
selling-activity-tenantsync = Company
selling-activity-applicationsync = Credential
selling-activity-authsync = People
selling-activity-singleorgsync = One department
selling-activity-allorgsync = All departments
selling-debugger-group = Kinds of calls
selling-group-instances = Instances and orders
selling-group-licences = Licences
selling-group-joint = Joint operations
selling-debugger-keyless = These calls are signed with a key of their own ({ $name }), and none is bound to this address yet.
selling-debugger-bind = Bind a key
selling-tab-saved = case saved
selling-tab-missing = no case yet
selling-tab-optional = optional
selling-tab-failing = last run failed
selling-sample-title = Sample to send
selling-from-attempt = These are the values of attempt { $number } for order { $order }. Change what you like; what is sent from here carries testFlag 1 and changes no real order.
selling-sample-newinstance = We call this when a buyer has paid. Change any value; every value is sent as a string.
selling-sample-queryinstance = We ask this until the instance is ready, and when a buyer opens its details. Every value is sent as a string.
selling-sample-refreshinstance = We call this when a term changes: paid after a trial, renewed, or a renewal cancelled. Every value is sent as a string.
selling-sample-updateinstancestatus = We call this to freeze an instance and to thaw it. Every value is sent as a string.
selling-sample-releaseinstance = We call this when an instance is to be deleted for good. Every value is sent as a string.
selling-sample-upgradeinstance = We call this when a larger plan or quantity was paid for. The instance stays the same; read what was bought over the order query. Optional. Every value is sent as a string.
selling-sample-changeinstancecheck = We ask this before a renewal with another plan is accepted: 000000 lets the buyer go on. productInfo is JSON inside a string. Optional.
selling-sample-ordernotify = We send this when an order was placed, changed or cancelled; read the rest over the order query. From here it is signed with the key of the basic interfaces. Optional. Every value is sent as a string.
selling-sample-tenantsync = Tells the seller's system that a company starts to use the application, or stops. Without instanceId and orderId it asks for a credential. Only joint-operations products need these calls.
selling-sample-applicationsync = Hands over the company's credential for single sign-on, its secret encrypted with the seller's public key. Only joint-operations products need these calls.
selling-sample-authsync = Tells who may use the application, at most 500 people in one call. Only joint-operations products need these calls.
selling-sample-singleorgsync = Tells of one department that was added, changed or deleted. Only joint-operations products need these calls.
selling-sample-allorgsync = Tells of every department of the company at once. Only joint-operations products need these calls.
selling-sample-flag-hint = 0 delete, 1 add, 2 modify, 3 revoke.
selling-sample-list-hint = A JSON list. It is sent as it stands here; version 1.0 wraps it in a string.
selling-sample-moment-hint = yyyyMMddHHmmssSSS, UTC+8.
selling-sample-client-secret-hint = RSA of at least 3072 bits, OAEP, under the seller's public key, in Base64. This one is invented and cannot be decrypted.
selling-sample-test-flag-sync = testFlag 1 and timeStamp, the time of sending, are always sent from here: such calls must succeed any number of times, in any order.
selling-sample-getlicenseasync = Sent for an online licence: the seller answers 000000 and uploads the licence later, under eventId. It is signed with the key of the basic interfaces. Optional.
selling-sample-refreshlicensecode = Sent when the term of a licence code changes: renewed, or a renewal cancelled. It is signed with the key for licence codes. Answer 000003 when there is no such code. Optional.
selling-sample-updatelicensecodestatus = Sent to freeze a licence code and to thaw it. It is signed with the key for licence codes. Optional.
selling-sample-releaselicensecode = Sent when a licence code is withdrawn for good; with an order only after an unsubscription. It is signed with the key for licence codes. Optional.
selling-sample-one-getlicense = Sent for an offline licence. Answer with instanceId and license. Optional.
selling-sample-one-releaselicense = Sent when an offline licence is withdrawn for good. orderId is the order of purchase. Optional.
selling-sample-one-newinstance = We call this when a buyer has paid, and again with the same order when it is not ready yet or a buyer opens its details. Answer with the same instance and its access data.
selling-sample-one-refreshinstance = We call this when a term changes: paid after a trial (trialToFormal), renewed, or a renewal refunded (negative orderAmount).
selling-sample-one-expireinstance = We call this when a term has ended. orderId is the order of purchase.
selling-sample-one-releaseinstance = We call this when an instance is to be deleted for good. orderId is the order of purchase.
selling-sample-one-queryinstance = We ask this for access data and usage of what is paid per use, and for an instance whose creation was not heard of.
selling-sample-one-instancestatus = We call this to freeze what is paid per use, and to thaw it with NORMAL.
selling-sample-one-upgrade = We call this when a larger plan or quantity was paid for. The instance stays the same. Optional.
selling-sample-secret-hint = Type it plain. It is sent encrypted with the key of this address (encryptType 1).
selling-sample-test-flag = testFlag “1” is always sent from here: such calls must succeed any number of times, in any order.
selling-sample-order-id-hint = Any text. For trying the order query: { $orders }; the line is the order and -000001.
selling-sample-business-id-hint = New for every call, also for a retry.
selling-sample-expire-time-hint = yyyyMMddHHmmss, UTC.
selling-case-name = Name of the case
selling-case-name-hint = Only for saving. A case of the same name is replaced.
selling-generate = Show request
selling-send = Send
selling-send-and-save = Send and save case
selling-send-note = A case is saved when every check passes. { $count } calls an hour at most.
selling-cases-title = Saved cases
selling-cases-lead = These calls are run again when you submit a product.
selling-cases-empty-title = No saved case
selling-cases-empty-text = Send a call from the debugger and save it as a case.
selling-case-last = Last run
selling-case-never = Not run since it was saved
selling-case-run = Run again
selling-case-delete = Delete case
selling-case-deleted = The case is deleted.
selling-case-slow = Slow
selling-runs-title = Last runs
selling-runs-none = Nothing was sent yet.
selling-run-passed = { $activity }, all checks passed
selling-run-failed = { $activity }, { $count ->
    [one] 1 check failed
   *[other] { $count } checks failed
}
selling-run-no-answer = { $activity }, no answer
selling-run-when = { $at }, { $ms } ms
selling-result-title = Result
selling-result-passed = All checks passed
selling-result-failed = { $count ->
    [one] 1 check failed
   *[other] { $count } checks failed
}
selling-result-no-answer = No answer
selling-result-saved = Saved as case “{ $name }”.
selling-result-not-saved = Not saved: a case needs all checks to pass.
selling-rule = Rule { $rule }
selling-request-title = Request, exact bytes
selling-request-note = POST, { $count ->
    [one] 1 byte of body
   *[other] { $count } bytes of body
}
selling-request-unsent = Not sent yet
selling-curl-title = The same as a command
selling-curl-note = Works for 60 seconds, then the timestamp is too old.
selling-copy-curl = Copy as curl
selling-copy-request = Copy request
selling-signing-title = Signature, in three steps
selling-signing-one = 1  inner = lowercase hex of HMAC-SHA256(key, body)
selling-signing-two = 2  canon = key + nonce + timestamp + inner, no separators
selling-signing-three = 3  signature = hex of HMAC-SHA256(key, canon)
selling-generate-link = Generate link address
selling-link-title = Link address
selling-copy-link = Copy link address
selling-link-note = GET, { $count ->
    [one] 1 character of address
   *[other] { $count } characters of address
}
selling-token-body-one = 1  text = every member of the body that is not blank as name=value, lists as their text, ascending by name, joined with &
selling-token-body-two = 2  authToken = Base64 of HMAC-SHA256(key + timeStamp, text), a header
selling-sync-title = x-sign, in two steps
selling-sync-one = 1  canon = key + x-nonce + x-timestamp + body, no separators
selling-sync-two = 2  x-sign = lowercase hex of HMAC-SHA256(key, canon)
selling-sync-body = (the body above)
selling-token-title = authToken, in two steps
selling-token-one = 1  text = every parameter but authToken as name=value, decoded, ascending by name, joined with &
selling-token-two = 2  authToken = Base64 of HMAC-SHA256(key + timeStamp, text); URL-encoded in the address
selling-curl-note-one = Works as long as your system takes this timeStamp.
selling-response-title = Response
selling-response-note = { $ms } ms, { $bytes ->
    [one] 1 byte
   *[other] { $bytes } bytes
}
selling-response-redacted = Passwords are struck out.
selling-copy-response = Copy response
selling-hex-title = First 64 bytes of the request body, hex
selling-debugger-none-title = No address to debug
selling-debugger-none-text = Add the address of your production system first.

# The operator's work
operator-work-lead = What waits for a person, and where to do it.
operator-work-none = Nothing waits
operator-work-count = { $count ->
    [one] 1 waits
   *[other] { $count } wait
}
operator-work-applications = Companies that want to sell here.
operator-work-releases = Products that sellers have submitted.
operator-work-calls-title = Parked calls
operator-work-calls = Calls to sellers' systems that gave up and need a decision.

# The operator's queue
selling-queue-title = Seller applications
selling-queue-lead = Oldest first. Each is answered within { $days } working days.
selling-queue-empty-title = Nothing waits
selling-queue-empty-text = Every application is answered.
selling-queue-waiting = Waiting
selling-queue-decided = Decided lately
selling-queue-company = Company
selling-queue-age = Handed in
selling-queue-due = Answer by
selling-queue-state = State
selling-queue-overdue = Overdue
selling-review-title = Application of { $company }
selling-review-organisation = Organisation
selling-review-approve = Approve application
selling-review-approve-note = The organisation becomes a seller at once and is told.
selling-review-reject = Send back
selling-review-reason = Reason
selling-review-reason-hint = 10 to 1,000 characters. The applicant reads it word for word.
selling-review-decision = Decision
selling-review-approved = Approved. { $company } sells here now.
selling-review-rejected = Sent back with the reason.
selling-review-location = Address

# Notices
notice-seller-application-waiting-subject = A seller application waits: { $company }
notice-seller-application-waiting-body = { $company } wants to sell here. Look at the application and answer it in time.
notice-seller-application-received-subject = We have your seller application
notice-seller-application-received-body = The application of { $company } is in review. We tell you the answer here and by e-mail.
notice-seller-application-approved-subject = You can sell here now
notice-seller-application-approved-body = The application of { $company } is approved. Add the address of your production system next.
notice-seller-application-rejected-subject = Your seller application needs changes
notice-seller-application-rejected-body = The operator sent back the application of { $company }: { $reason }

notice-bound-key-replaced-subject = An interface key was replaced
notice-bound-key-replaced-body = A key that is bound to { $url } for one type of interface was replaced; the one before is good no more. If it was nobody of you, replace it again and change your passwords.
notice-access-key-replaced-subject = An interface key was replaced
notice-access-key-replaced-body = The access key of { $url } was replaced. Calls are signed with the new one. If it was nobody of you, replace it again and change your passwords.

# Problems
problem-application-under-review = The application is in review. It can be changed after the answer.
problem-application-already-approved = The application is approved and does not change any more.
problem-application-not-under-review = This application does not wait for a decision any more.
problem-application-changed-meanwhile = Somebody saved another version meanwhile. Load the page again; what you typed is still in this form.
problem-already-a-seller = Your organisation already sells here.
problem-too-many-debug-cases = An address keeps at most { $most } cases. Delete one first.
problem-not-a-choice = Choose one of the offered values.
problem-capital = Enter an amount with its currency, such as CNY 5,000,000.
problem-external-link = Remove the link “{ $link }”.
problem-must-agree = You can hand in the application only with this consent.
problem-url-not-an-address = Enter a whole web address, such as https://saas.example.com/produce.
problem-url-too-long = Use at most 512 characters.
problem-url-not-https = Use an address that begins with https://.
problem-url-user-info = Leave user name and password out of the address.
problem-url-ip-literal = Use a domain name instead of an IP address.
problem-url-port = This port is not allowed here. Allowed: { $ports }. Leave 443 out, it is the standard.
problem-url-inside-name = Use a public domain name. This name means something only inside a network.
problem-url-fragment = Leave out the part after #.
problem-url-taken = You have this address already.
problem-url-taken-call-parameter = The address must not hold a parameter of a call, such as activity, orderId, timeStamp or authToken. We add them.
problem-protocol-has-cases = The protocol stays as it is: { $count ->
    [one] 1 case is saved
   *[other] { $count } cases are saved
} for it. Delete them first, or add another address.
problem-protocol-has-products = The protocol stays as it is: products are sold with this address. Add another address for the other protocol.
problem-url-taken-parameter = The address must not hold the parameters signature, timestamp or nonce. We add them to each call.
problem-access-key = Use a key without blanks and line breaks.
problem-access-key-length = Use 16 to 128 characters. You entered { $count }.
problem-unknown-field = This call has no such member.
problem-one-of = Use one of: { $allowed }.
problem-wire-time = Enter a time as { $expected }, UTC.
problem-too-many-entries = Use at most { $most } entries, separated by commas.
problem-wire-entry = { $place } does not fit the protocol: missing, too long, or not one of the allowed values.
problem-wire-value = This value does not fit the protocol.

# Of single fields
problem-company-name-required = Enter the company name.
problem-website-required = Enter the company website.
problem-years-in-business-required = Choose the years in business.
problem-employees-required = Choose the number of employees.
problem-registered-capital-required = Enter the registered capital with its currency.
problem-licence-number-required = Enter the number of the business licence.
problem-contact-name-required = Enter the contact person's name.
problem-contact-mobile-required = Enter the contact person's mobile number.
problem-contact-email-required = Enter the contact person's e-mail address.
problem-country-required = Enter the country or region.
problem-city-required = Enter the city.
problem-street-required = Enter street and number.
problem-support-phone-required = Enter the phone number of your customer service.
problem-support-email-required = Enter the e-mail address of your customer service.
problem-introduction-required = Enter an introduction of the company.
problem-url-required = Enter the address of your production system.
problem-case-name-required = Enter a name for the case.
problem-reason-required = Enter the reason.
problem-seller-terms-must-agree = Accept the seller agreement to hand in the application.
problem-cooperation-rules-must-agree = Accept the cooperation rules to hand in the application.
problem-privacy-statement-must-agree = Confirm that you have read the privacy statement.

# The files beside an application, and what is agreed to
selling-apply-papers = Logo and business licence
selling-apply-papers-note = Each file is at most 5 MB.
selling-papers-logo = Company logo
selling-papers-logo-hint = PNG, JPEG or WebP, best 336 × 160 px. It is drawn anew to that size.
selling-papers-logo-now = The company logo as it is kept
selling-papers-licence = Business licence
selling-papers-licence-hint = The latest one, as PDF or as a picture of at least 300 × 300 px. Only you and those who review it see it.
selling-papers-licence-now = { $kind }, { $kilobytes } KB, uploaded { $at }
selling-papers-licence-shown = Picture of the business licence
selling-papers-picture = Picture
selling-papers-pdf = PDF
selling-papers-download = Save business licence
selling-papers-again = Choose another file to exchange it.
selling-papers-missing = Not uploaded
selling-agreement-read = Read version { $version }
selling-agreement-version = Version { $version }
problem-licence-format = Use PDF, PNG, JPEG or WebP.
problem-pdf-incomplete = The PDF is not complete. Save it again and upload it once more.
problem-logo-required = Upload the company logo.
problem-licence-required = Upload the business licence.
