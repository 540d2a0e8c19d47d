"""What a sign-up asks for beside e-mail and password."""

from django import forms
from django.conf import settings
from django.http import HttpRequest

from apps.accounts.adapters import BY_INVITATION
from apps.accounts.models import User
from apps.accounts.services.invitations import invitation_is_good, invitation_use


class SignupForm(forms.Form):
    """Read by allauth as the base of its own; `invitation` is needed where SIGNUP is `invite`."""

    invitation = forms.CharField(required=False, max_length=100)

    def clean_invitation(self) -> str:
        code = str(self.cleaned_data["invitation"]).strip()
        if settings.SIGNUP == BY_INVITATION and not invitation_is_good(code):
            raise forms.ValidationError("This invitation is not valid, or somebody has used it.", code="invitation")
        return code

    def signup(self, request: HttpRequest, user: User) -> None:
        """Use the invitation up, in the transaction that makes the user."""
        if settings.SIGNUP == BY_INVITATION:
            invitation_use(self.cleaned_data["invitation"], user=user)
