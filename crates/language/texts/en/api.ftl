### The API: problems of the requests themselves, and the page that describes it.

problem-idempotency-key-missing = This request creates something. Send a header Idempotency-Key with a value of your own, so that it can be repeated safely.
problem-idempotency-key = An Idempotency-Key has 1 to 200 visible ASCII characters and no spaces.
problem-idempotency-key-reused = This Idempotency-Key was used for another request. Choose a new one.
problem-still-running = The first request with this Idempotency-Key is still running. Try again in a few seconds.
problem-cursor = This is not a place to go on from. Take the value of “next” from the page before.
problem-lease-lost = Another worker has taken this over. Nothing was changed here.
problem-unreadable-request = We cannot read this request. Look at the API description for its form.
problem-body-too-large = What you sent is larger than 6 MB.
problem-media-type = We cannot read this kind of content here. The API takes application/json.
problem-cross-site = This request came from another site, so we did not act on it. Open the page here and try again.
problem-invalid-input = Some fields need another look.
problem-too-often = Too many requests. Wait { $seconds } seconds and try again.
