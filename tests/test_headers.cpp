// Owns the header that all tests share precompiled; it is no test itself.
int main() { return 0; }
