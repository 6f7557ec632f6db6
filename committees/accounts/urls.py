from django.contrib.auth.views import LogoutView
from django.urls import path

from committees.accounts import views

urlpatterns = [
    path("accounts/login/", views.SignIn.as_view(), name="login"),
    path("accounts/again/", views.again, name="sign-in-again"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/password/", views.OwnPassword.as_view(), name="password_change"),
    path("accounts/second/", views.second_factor, name="second-factor"),
    path("accounts/sessions/", views.own_sessions, name="own-sessions"),
]
