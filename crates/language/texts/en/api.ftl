### The API: problems of the requests themselves, and the page that describes it.

problem-idempotency-key-missing = This request creates something. Send a header Idempotency-Key with a value of your own, so that it can be repeated safely.
problem-idempotency-key = An Idempotency-Key has 1 to 200 visible ASCII characters and no spaces.
problem-idempotency-key-reused = This Idempotency-Key was used for another request. Choose a new one.
problem-still-running = The first request with this Idempotency-Key is still running. Try again in a few seconds.
problem-cursor = This is not a place to go on from. Take the value of “next” from the page before.
problem-lease-lost = Another worker has taken this over. Nothing was changed here.
problem-unreadable-request = We cannot read this request. Look at the API description for its form.
problem-malformed-json = What you sent is not JSON. Check brackets, commas and quotes.
problem-unknown-member = There is no member of this name. Look at the API description for those there are.
problem-given-twice = This member is given twice. Send it once.
problem-wrong-type = This member has another type than the API description says.
problem-body-too-large = What you sent is larger than 6 MB.
problem-media-type = We cannot read this kind of content here. The API takes application/json.
problem-cross-site = This request came from another site, so we did not act on it. Open the page here and try again.
problem-invalid-input = Some fields need another look.
problem-too-often = Too many requests. Wait { $seconds } seconds and try again.

api-title = API for programs
api-introduction = Everything that the pages do, programs can do as well. Amounts are whole minor units with a currency code, times are RFC 3339 in UTC, lists go on with a cursor. Unknown members in what you send are refused.
api-document = OpenAPI 3.1 document
api-signing-in = Signing in
api-signing-in-text = Open a session with your e-mail address and password, or use an access key of your organisation with its secret. A write that creates something takes a header Idempotency-Key: sent again with the same key, it has one effect and one answer.
api-parameters = Parameter
api-type = Type
api-meaning = Meaning
api-member = Member
api-body = Send
api-answers = Answers:
api-schemas = What goes in and comes out
api-problems = Problems
api-problems-text = A refused request answers application/problem+json (RFC 9457) with one of these codes. Codes never change; sentences may.
