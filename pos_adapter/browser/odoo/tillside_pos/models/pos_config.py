from odoo import fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    # One POS configuration is one till here. Every field of pos.config is loaded into the POS page.
    tillside_token = fields.Char("Tillside token", help="The content of the agent's file api-token on that till")
    tillside_lane = fields.Char("Tillside lane", help="Letters, digits, _ . - only, such as L2; empty: the till has none")
