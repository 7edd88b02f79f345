@NullMarked
package io.jcorn.servlet;

import org.jspecify.annotations.NullMarked;
