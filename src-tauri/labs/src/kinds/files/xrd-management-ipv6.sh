#!/bin/bash
# XRd runs this at every boot: the management port gets the IPv6 address that the engine gave it.
source /pkg/bin/ztp_helper.sh
xrapply_string "interface MgmtEth0/RP0/CPU0/0\n no ipv6 address\n ipv6 address {management_ipv6}"
