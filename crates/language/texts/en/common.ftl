### Words that stand on many pages: the shell, buttons, statuses, forms.

# The shell
common-skip-to-main = Skip to main content
common-menu = Menu
common-main-navigation = Main
common-footer-navigation = Footer
common-breadcrumb = Breadcrumb
common-search = Search
common-search-suggestions = Products that begin like this
common-search-products = Search products and services
common-categories = Categories
common-sell-on-souk = Sell on Souk
common-my-apps = My apps
common-my-souk = My Souk
common-seller-console = Seller console
common-operator-console = Operator console
common-sign-in = Sign in
common-sign-up = Create account
common-sign-out = Sign out
common-account = Account
common-account-of = Account of { $name }
common-notices = Notices
common-notices-unseen = { $count ->
    [one] 1 notice not seen
   *[other] { $count } notices not seen
}
common-open-count = { $count } open
common-run-by = Run by { $operator } on Souk, open source.
common-help = Help and contact
common-api = API for developers
common-service-status = Service status
common-page-title = { $page } – Souk
common-error-title = Error: { $page }

# Preferences
common-preferences = Language and appearance
common-language = Language
common-theme = Appearance
common-theme-system = As the system
common-theme-light = Light
common-theme-dark = Dark

# Buttons and small words
common-save = Save
common-save-draft = Save draft
common-cancel = Cancel
common-back = Back
common-change = Change
common-remove = Remove
common-copy = Copy
common-copy-what = Copy { $what }
common-copied = Copied
common-close = Close
common-details = Details
common-show-more = Show more
common-optional = optional
common-required = required
common-yes = Yes
common-no = No
common-pair = { $first }, { $second }
common-none = None
common-undo = Undo
common-choose = Choose

# Forms
common-there-is-a-problem = There is a problem
common-label-end = {": "}
common-error-prefix = Error:
common-reference = Reference { $reference }
common-saved-at = Saved { $time }
common-saving = Saving…
common-not-saved = Not saved. We try again.
common-not-saved-yet = Not saved yet
common-fixed-after-release = Fixed after release
common-characters-left = { $count ->
    [one] 1 character left
   *[other] { $count } characters left
}

# Statuses
common-status-not-started = Not started
common-status-in-progress = In progress
common-status-done = Done
common-status-has-error = Has an error
common-status-active = Active
common-status-failed = Failed
common-status-draft = Draft
common-status-waiting = Waiting

# Checks
common-check-pass = Pass
common-check-warn = Check
common-check-fail = Fail
common-check-label = { $verdict }:
common-more-passed = { $count ->
    [one] 1 more that passed
   *[other] { $count } more that passed
}

# Lists
common-page-newer = Newer
common-page-older = Older
common-paging = Pages
keys-title = Keys
keys-next = The next submission
keys-previous = The one before
keys-reason = Write a reason for the next field
keys-search = Search the market
keys-list = This list
keys-on = Single letters work, except while you type
common-products-count = { $count ->
    [one] 1 product
   *[other] { $count } products
}
common-nothing-here = Nothing here yet
common-before = Before
common-after = After
common-old = Old
common-new = New

# Money
common-total-today = Total today
common-next-charge = Next charge
common-from = from
common-per-month = per month
common-per-year = per year
common-one-time = one time

# When the styles are missing
common-assets-missing = The styles and scripts of this build are missing. Run “cargo xtask assets” and build again.
