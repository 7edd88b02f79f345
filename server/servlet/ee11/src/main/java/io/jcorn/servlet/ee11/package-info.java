/** Jakarta EE 11: what the worker asks of the classes that only this edition has. */
@NullMarked
package io.jcorn.servlet.ee11;

import org.jspecify.annotations.NullMarked;
