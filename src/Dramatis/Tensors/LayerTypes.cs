// Wherever the library names these layers, it means those that Layers makes.
global using Conv2d = Dramatis.Tensors.Conv2d;
global using Linear = Dramatis.Tensors.Linear;
