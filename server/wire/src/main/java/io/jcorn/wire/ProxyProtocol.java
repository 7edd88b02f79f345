package io.jcorn.wire;

/** Whether connections begin with a header of HAProxy's PROXY protocol, and of which version. */
public enum ProxyProtocol {
    /** They do not. */
    OFF,
    /** The line of version 1. */
    V1,
    /** The binary header of version 2. */
    V2,
    /** Either. */
    AUTO
}
