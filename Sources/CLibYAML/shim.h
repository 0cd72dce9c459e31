#ifndef RUBRICSTORE_CLIBYAML_SHIM_H
#define RUBRICSTORE_CLIBYAML_SHIM_H

#include <yaml.h>

#endif
