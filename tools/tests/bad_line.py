# SPDX-License-Identifier: GPL-2.0-or-later
"""bad_line.py NAMESPACE NAMESPACE DELAY LOSS: a line between two network namespaces that loses LOSS
per cent of the packets and takes DELAY milliseconds for the others, in each direction; for kernels
without netem. Makes a device "line" in each, prints "ready", and ends when it is killed."""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000


def tunnel(namespace, temporary):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", temporary.encode(), IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "link", "set", temporary, "netns", namespace, "name", "line"], check=True)
    return fd


def main():
    near, far, delay, loss = sys.argv[1:]
    delay, loss = float(delay) / 1000, float(loss) / 100
    ends = [tunnel(name, f"line{os.getpid() % 100000}{i}") for i, name in enumerate((near, far))]
    print("ready", flush=True)
    waiting, count = [], 0
    while True:
        rest = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for fd in select.select(ends, [], [], rest)[0]:
            try:
                packet = os.read(fd, 65536)
            except OSError:
                continue
            if random.random() >= loss:
                other = ends[1 - ends.index(fd)]
                heapq.heappush(waiting, (time.monotonic() + delay, count, other, packet))
                count += 1
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, fd, packet = heapq.heappop(waiting)
            try:
                os.write(fd, packet)
            except OSError:
                pass  # the device is down


main()
