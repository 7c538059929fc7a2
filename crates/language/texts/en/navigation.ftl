### The side navigation of the consoles.

nav-orders = Orders
nav-money = Money
nav-balance = Balance
nav-overview = Overview
nav-products = My products
nav-application = Seller application
nav-integration = Integration
nav-addresses = Interface addresses
nav-debugger = Debugger
nav-selling = Selling
nav-work = Work to do
nav-reviews = Reviews
nav-seller-applications = Seller applications
nav-releases = Product releases
nav-market = Market
nav-balances = Customer balances
nav-members = Team members
nav-keys = Access keys
nav-security = Sign-in and security
nav-to-market = To the market
