"""The one prioritised sound channel of a station: what is heard, when, and why not.

Pure decisions (:mod:`~lift_monitor.sound.judge`, :mod:`~lift_monitor.sound.channel`), pure
synthesis (:mod:`~lift_monitor.sound.earcons`), and behind two small doors the machine's
loudspeaker (:mod:`~lift_monitor.sound.output`) and its voice
(:mod:`~lift_monitor.sound.speech`).  Everything works without either of them, silent.
"""
