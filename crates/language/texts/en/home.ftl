### The first page.

home-title = Buy and run cloud products
home-hero = Good software, from people you can talk to
home-lead = { $count ->
    [0] Images, apps, licences and services. Every one reviewed by hand, with the real price on the first page.
    [one] 1 product so far. Every one is reviewed by hand, with the real price on the first page.
   *[other] { $count } images, apps, licences and services. Every one reviewed by hand, with the real price on the first page.
}
home-search-label = What do you need?
home-search-try = What do you need? Try: database backup
home-fresh = New on the market
home-see-all = See all
home-by-kind = By what you get
home-kind-saas = Apps, ready to use
home-kind-saas-note = SaaS that is set up for you in minutes
home-kind-image = Images
home-kind-image-note = Scanned, patched, started in your own account
home-kind-licence = Licences
home-kind-licence-note = Keys and codes for software you run yourself
home-kind-consulting = Consulting
home-kind-consulting-note = Advice from people who have done it before
home-kind-service = Services
home-kind-service-note = Projects with agreed steps and acceptance
home-word = How this market keeps its word
home-word-review = Reviewed by a person
home-word-review-text = Each release and each change is compared with the version before. The date is on the product page.
home-word-price = The whole price first
home-word-price-text = Unit, tax, total today and the date of the next charge, before you sign in.
home-word-refund = Set up, or paid back
home-word-refund-text = If a seller’s system does not answer within { $window }, the order is cancelled and refunded by itself.
home-empty-text = The market opens soon. The first sellers are setting up their stalls. Come back, or open one yourself.
home-room-title = Your product here
home-room-text = There is room. Apply, let us call your system once, release. A person reads every release and answers with reasons.
