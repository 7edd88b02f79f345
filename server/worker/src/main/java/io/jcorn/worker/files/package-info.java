/**
 * Files that are served without the application: which one a request means, whether the client has it already, which part of it he
 * wants. Everything here runs where applications run, as to open a file may block.
 */
@NullMarked
package io.jcorn.worker.files;

import org.jspecify.annotations.NullMarked;
