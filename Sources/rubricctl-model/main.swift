import MetaEditor
import ModelEndpoint
import RubricCommands

#if Networking
  RubricCtl.main(models: HTTPModelSupport())
#else
  RubricCtl.main(models: nil)
#endif
