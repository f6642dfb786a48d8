{
    "name": "Tillside",
    "summary": "Membership prompts and coupons from the Tillside agent beside the till; the sale goes on without it",
    "version": "1.0",
    "category": "Sales/Point of Sale",
    "license": "Other OSI approved licence",
    "depends": ["point_of_sale"],
    "data": ["views/pos_config.xml"],
    "assets": {"point_of_sale._assets_pos": ["tillside_pos/static/src/**/*"]},
    "installable": True,
}
