import RubricCommands

RubricCtl.main(models: nil)
