/**
 * What master and worker say to each other, and all that they share: the messages of the control channel, the layout of
 * the scoreboard, the hand-over of inherited descriptors, and the shape of a log line.
 *
 * <p>JDK only: this package lives inside other people's processes.
 */
@NullMarked
package io.jcorn.wire;

import org.jspecify.annotations.NullMarked;
