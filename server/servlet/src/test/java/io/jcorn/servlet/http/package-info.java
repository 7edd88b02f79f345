@NullMarked
package io.jcorn.servlet.http;

import org.jspecify.annotations.NullMarked;
