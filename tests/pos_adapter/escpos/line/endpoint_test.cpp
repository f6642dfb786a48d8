#include "pos_adapter/escpos/line/endpoint.h"

#include <gtest/gtest.h>

namespace tillside::escpos {
namespace {

Endpoint listen(const char* words) {
  auto read = read_endpoint(words, true);
  EXPECT_TRUE(read.ok()) << words;
  return read ? *read : Endpoint();
}
Endpoint printer(const char* words) {
  auto read = read_endpoint(words, false);
  EXPECT_TRUE(read.ok()) << words;
  return read ? *read : Endpoint();
}

TEST(Endpoint, Tcp) {
  EXPECT_EQ(listen("tcp").port, 9100);
  EXPECT_EQ(listen("tcp:9101").port, 9101);
  EXPECT_EQ(listen("tcp:0").port, 0);
  EXPECT_EQ(listen("tcp:9101").host, "");
  EXPECT_EQ(listen("tcp:127.0.0.1:9101").host, "127.0.0.1");
  EXPECT_EQ(printer("tcp:10.0.0.9").host, "10.0.0.9");
  EXPECT_EQ(printer("tcp:10.0.0.9").port, 9100);
  EXPECT_EQ(printer("tcp:[fe80::1]:9102").host, "fe80::1");
  EXPECT_EQ(printer("tcp:[fe80::1]:9102").port, 9102);
  EXPECT_EQ(printer("tcp:[fe80::1]").port, 9100);
}

TEST(Endpoint, Serial) {
  EXPECT_EQ(printer("serial:/dev/ttyS0").serial, SerialSettings());
  const SerialSettings set = printer("serial:/dev/ttyUSB0,19200,7e2,rtscts").serial;
  EXPECT_EQ(set.baud, 19200U);
  EXPECT_EQ(set.data_bits, 7);
  EXPECT_EQ(set.stop_bits, 2);
  EXPECT_EQ(set.parity, SerialSettings::Parity::even);
  EXPECT_EQ(set.flow, SerialSettings::Flow::hardware);
  EXPECT_EQ(printer("serial:/dev/ttyS0,9600,8o1,xonxoff").serial.flow, SerialSettings::Flow::software);
}

TEST(Endpoint, Others) {
  EXPECT_EQ(listen("pty:/run/printer").kind, Endpoint::Kind::pty);
  EXPECT_EQ(listen("stdin").kind, Endpoint::Kind::standard_input);
  EXPECT_EQ(printer("device:/dev/usb/lp0").path, "/dev/usb/lp0");
  EXPECT_TRUE(listen("stdin").has_jobs());
  EXPECT_FALSE(listen("pty:/run/printer").has_jobs());
}

TEST(Endpoint, WhatIsNone) {
  for (const char* words :
       {"", "tcp:", "tcp:0", "tcp:host:0", "tcp:host:70000", "serial:", "serial:/dev/ttyS0,9601",
        "serial:/dev/ttyS0,9600,9n1", "serial:/dev/ttyS0,9600,8x1", "serial:/dev/ttyS0,9600,8n1,dsr",
        "pty:/run/printer", "stdin", "device:", "usb:1", "/dev/lp0"}) {
    EXPECT_FALSE(read_endpoint(words, false).ok()) << words;
  }
  for (const char* words : {"", "tcp:70000", "pty:", "stdin:", "lpt1"}) {
    EXPECT_FALSE(read_endpoint(words, true).ok()) << words;
  }
}

}  // namespace
}  // namespace tillside::escpos
