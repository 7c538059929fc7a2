### One sentence per stable problem code, and the pages that show a whole problem. Slices add their own codes in their own files.

problem-not-found = There is nothing at this address, or it is not yours to see.
problem-not-allowed = Your role does not allow this. Ask an administrator of your organisation.
problem-sign-in-needed = Sign in to go on. What you entered is kept.
problem-fresh-sign-in-needed = Enter your password once more to go on.
problem-too-many = Too many tries. Wait { $seconds } seconds and try again.
problem-try-again = We could not finish this just now. Nothing was changed. Try again in a minute.
problem-internal = We made a mistake. Nothing was changed. Tell the operator the reference, and try again later.
problem-invalid = Some fields need another look.
problem-conflict = Someone changed this in the meantime. Look at the new state and try again.
problem-method-not-allowed = This address does not take that kind of request.
problem-too-large = What you sent is larger than { $limit }.
problem-cross-origin = This request came from another site, so we did not act on it. Open the page here and try again.

error-page-not-found-title = Page not found
error-page-not-allowed-title = Not allowed
error-page-unavailable-title = Not available just now
error-page-internal-title = Our mistake
error-page-too-many-title = Too many tries
error-page-request-title = We cannot act on this
error-page-go-home = Go to the market
error-page-try-again = Try again
error-page-code = Code
error-page-reference = Reference

# Codes of single fields; `problem-<field>-<code>` goes before `problem-<code>`.
problem-without-text = This needs another look ({ $code }).
problem-required = Fill this in.
problem-required-in-one-language = Fill this in, in English or in Chinese.
problem-too-short = Use at least { $least } characters. You entered { $count }.
problem-too-long = Use at most { $most } characters. You entered { $count }.
problem-control-characters = Remove the invisible control characters.
problem-email = Enter an e-mail address, such as name@company.com.
problem-email-required = Enter an e-mail address.
problem-password-required = Enter a password.
problem-password-too-short = Use at least { $least } characters for the password.
problem-password-too-long = Use at most { $most } characters for the password.
problem-password-common = This password is known from leaks. Choose another one.
problem-password-context = The password holds your name, your e-mail address or the name of this market. Choose another one.
problem-phone = Enter a phone number with country code, such as +49 30 1234567.
problem-web-address = Enter a web address that begins with https://.
problem-whole-number = Enter a whole number from { $least } to { $most }.
