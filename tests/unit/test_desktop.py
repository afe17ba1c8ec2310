"""What the variables of the environment say of a desktop."""

from __future__ import annotations

from localr1.desktop import Desktop, find_desktop


def test_a_desktop_is_what_the_variables_say_of_it() -> None:
    wayland = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "PATH": "/bin"}
    assert find_desktop(wayland) == Desktop(wayland=True, x11=True, programs="/bin")
    assert find_desktop({"WSL_DISTRO_NAME": "Debian", "DISPLAY": ""}) == Desktop(wsl=True)
    far_away = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "TMUX": "/tmp/tmux-0/default,1,0"}
    assert find_desktop(far_away) == Desktop(tmux=True, remote=True)
